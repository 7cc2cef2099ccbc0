/// The type of a stored tensor's elements. All are little-endian in files and in memory.
public enum StoredElementType: String, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8
  case uint64, uint32, uint16, uint8
  /// One byte, 0 or 1.
  case bool

  /// The bytes that one element takes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }

  /// The bytes of a tensor of this type, or nil if a dimension is negative or the number does not
  /// fit in an `Int`. A tensor without dimensions has one element.
  func byteCount(ofShape shape: [Int]) -> Int? {
    // A zero anywhere makes the product zero, but must not hide a negative size elsewhere.
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var total = byteCount
    for size in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      total = product
    }
    return total
  }
}
