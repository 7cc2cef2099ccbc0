/// The type of a tensor's elements.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// IEEE single precision, `float` in kernels.
  case float32
  /// IEEE double precision, `double` in kernels; only on devices that have it.
  case float64
  /// Signed 32-bit integers: indices, species, counts.
  case int32
  /// Masks. Stored as one byte an element, 0 or 1.
  case bool

  /// Bytes an element takes in a device buffer.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    case .bool: 1
    }
  }

  /// Whether elements are floating-point numbers, so that derivatives exist.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// The name of the type in OpenCL C.
  public var kernelName: String {
    switch self {
    case .float32: "float"
    case .float64: "double"
    case .int32: "int"
    case .bool: "uchar"
    }
  }

  /// The distance from 1 to the next number above it, or 0 for integers.
  public var unitRoundoff: Double {
    switch self {
    case .float32: Double(Float.ulpOfOne)
    case .float64: Double.ulpOfOne
    case .int32, .bool: 0
    }
  }
}
