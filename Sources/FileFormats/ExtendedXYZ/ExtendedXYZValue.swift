/// A value of the comment line of an extended XYZ frame.
public enum ExtendedXYZValue: Sendable, Equatable {
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case bools([Bool])
  case integers([Int])
  case reals([Double])
  case strings([String])
  /// A 3×3 matrix by rows. Under the keys `stress` and `virial` files hold it as nine numbers
  /// column by column, elsewhere as nested JSON lists.
  case matrix([SIMD3<Double>])
  /// Anything else, as JSON text.
  case json(String)

  /// The value as one real number: a real, or an integer.
  public var realValue: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The value as a list of real numbers: a list of reals or integers, or a single number.
  public var realValues: [Double]? {
    switch self {
    case .reals(let values): values
    case .integers(let values): values.map(Double.init)
    case .real(let value): [value]
    case .integer(let value): [Double(value)]
    default: nil
    }
  }

  /// The value as text, if it is text.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The rows of a 3×3 matrix, if it is one.
  public var matrixValue: [SIMD3<Double>]? {
    if case .matrix(let rows) = self { rows } else { nil }
  }
}

/// Keys whose nine numbers are a matrix, in files column by column.
let extendedXYZMatrixKeys: Set<String> = ["stress", "virial"]
