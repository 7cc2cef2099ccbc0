/// OpenCL C that transposes a square block of vectors in registers.
///
/// It is written in shuffles that compilers see through: vectors made element by element out of two
/// others.
package enum BlockTransposition {
  /// The function `turn`: element c of row r becomes element r of row c.
  ///
  /// In log₂(width) rounds pairs of rows exchange halves of ever smaller blocks.
  ///
  /// - Parameters:
  ///   - vector: The name of the vectors' type.
  ///   - width: Their elements, which are the rows of the block: 2, 4, 8 or 16.
  package static func function(vector: String, width: Int) -> String {
    """
    // Turns a block: element c of row r becomes element r of row c.
    static inline __attribute__((always_inline)) void turn(\(vector) block[\(width)]) {
    \(rounds(vector, width))}

    """
  }

  private static func rounds(_ vector: String, _ width: Int) -> String {
    var text = ""
    var distance = width / 2
    while distance > 0 {
      text += "  {\n"
      for row in 0..<width where row & distance == 0 {
        let partner = row + distance
        let low = (0..<width).map { column in
          column & distance == 0
            ? "block[\(row)].\(name(of: column))"
            : "block[\(partner)].\(name(of: column - distance))"
        }
        let high = (0..<width).map { column in
          column & distance == 0
            ? "block[\(row)].\(name(of: column + distance))"
            : "block[\(partner)].\(name(of: column))"
        }
        text += "    const \(vector) low\(row) = (\(vector))(\(low.joined(separator: ", ")));\n"
        text += "    const \(vector) high\(row) = (\(vector))(\(high.joined(separator: ", ")));\n"
        text += "    block[\(row)] = low\(row);\n    block[\(partner)] = high\(row);\n"
      }
      text += "  }\n"
      distance /= 2
    }
    return text
  }

  private static func name(of element: Int) -> String { "s\(String(element, radix: 16))" }
}
