/// A tensor whose elements cannot be had as the numbers that were asked for.
public struct TensorConversionError: Error, Sendable, Equatable, CustomStringConvertible {
  public let shape: [Int]
  public let elementType: StoredElementType
  /// What stands in the way, as a phrase.
  public let problem: String

  public var description: String {
    "tensor of type \(elementType) and shape \(shape): \(problem)"
  }
}

extension TensorData {
  /// The elements as double-precision numbers, in order; exact.
  ///
  /// Booleans become 0 and 1.
  ///
  /// - Throws: `TensorConversionError` if a 64-bit integer has no exact double.
  public func doubles() throws -> [Double] {
    switch elementType {
    case .float64: map { Double(bitPattern: $0 as UInt64) }
    case .float32: map { Double(Float(bitPattern: $0 as UInt32)) }
    case .float16: map { Double(Float16(bitPattern: $0 as UInt16)) }
    case .bfloat16: map { Double(Float(bitPattern: UInt32($0 as UInt16) << 16)) }
    case .uint64: try map { try exactly(Double(exactly: $0 as UInt64), $0, "double") }
    default: try integers().map { try exactly(Double(exactly: $0), $0, "double") }
    }
  }

  /// The elements as single-precision numbers, in order; doubles are rounded to nearest.
  ///
  /// Booleans become 0 and 1.
  ///
  /// - Throws: `TensorConversionError` if an integer has no exact single-precision value.
  public func floats() throws -> [Float] {
    switch elementType {
    case .float64: map { Float(Double(bitPattern: $0 as UInt64)) }
    case .float32: map { Float(bitPattern: $0 as UInt32) }
    case .float16: map { Float(Float16(bitPattern: $0 as UInt16)) }
    case .bfloat16: map { Float(bitPattern: UInt32($0 as UInt16) << 16) }
    case .uint64: try map { try exactly(Float(exactly: $0 as UInt64), $0, "float") }
    default: try integers().map { try exactly(Float(exactly: $0), $0, "float") }
    }
  }

  /// The elements as integers, in order. Booleans become 0 and 1.
  ///
  /// - Throws: `TensorConversionError` if the elements are floating-point numbers, or an unsigned
  ///   one does not fit in an `Int`.
  public func integers() throws -> [Int] {
    switch elementType {
    case .int64: map { Int(Int64(bitPattern: $0)) }
    case .int32: map { Int(Int32(bitPattern: $0)) }
    case .int16: map { Int(Int16(bitPattern: $0)) }
    case .int8: map { Int(Int8(bitPattern: $0)) }
    case .uint64: try map { try exactly(Int(exactly: $0 as UInt64), $0, "Int") }
    case .uint32: map { Int($0 as UInt32) }
    case .uint16: map { Int($0 as UInt16) }
    case .uint8: map { Int($0 as UInt8) }
    case .bool: map { ($0 as UInt8) == 0 ? 0 : 1 }
    case .float64, .float32, .float16, .bfloat16:
      throw TensorConversionError(
        shape: shape, elementType: elementType, problem: "integers were expected here")
    }
  }

  private func map<Word: FixedWidthInteger, Value>(
    _ transform: (Word) throws -> Value
  ) rethrows -> [Value] {
    let size = Word.bitWidth / 8
    var values: [Value] = []
    values.reserveCapacity(count)
    for start in stride(from: 0, to: bytes.count, by: size) {
      var word: Word = 0
      for byte in 0..<size {
        word |= Word(truncatingIfNeeded: bytes[start + byte]) << (8 * byte)
      }
      values.append(try transform(word))
    }
    return values
  }

  private func exactly<Value>(
    _ value: Value?, _ element: some BinaryInteger, _ type: String
  ) throws -> Value {
    guard let value else {
      throw TensorConversionError(
        shape: shape, elementType: elementType,
        problem: "the element \(element) has no exact \(type)")
    }
    return value
  }
}
