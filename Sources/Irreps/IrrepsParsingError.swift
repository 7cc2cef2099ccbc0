/// A text that is no irrep or no sum of irreps.
///
/// Its description is one line that shows the text, the column, what stands there and what was
/// expected.
public struct IrrepsParsingError: Error, Hashable, Sendable {
  /// The whole text that was read.
  public let text: String
  /// The position in characters of the first character that could not be read, from 1.
  public let column: Int
  /// What stands there; empty at the end of the text.
  public let found: String
  /// What could have stood there.
  public let expected: String
}

extension IrrepsParsingError: CustomStringConvertible {
  public var description: String {
    let shown = text.count <= 80 ? text : text.prefix(80) + "…"
    let place = found.isEmpty ? "the text ends" : "found \(found.debugDescription)"
    return "irreps \(String(shown).debugDescription), column \(column): \(place), "
      + "expected \(expected)"
  }
}
