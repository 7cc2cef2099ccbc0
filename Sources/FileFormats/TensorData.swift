/// A dense array of numbers as it stands in a file.
///
/// Elements are little-endian, contiguous and in row-major order (the last dimension runs
/// fastest). An empty `shape` is a single number; a dimension of size 0 means no elements.
public struct TensorData: Sendable, Equatable {
  public let shape: [Int]
  public let elementType: StoredElementType
  /// `elementType.byteCount` bytes an element.
  public let bytes: [UInt8]

  /// - Precondition: `bytes` has the length that the shape and type ask for.
  public init(shape: [Int], elementType: StoredElementType, bytes: [UInt8]) {
    precondition(
      elementType.byteCount(ofShape: shape) == bytes.count,
      "a \(elementType) tensor of shape \(shape) cannot be made of \(bytes.count) bytes")
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// The number of elements.
  public var count: Int { bytes.count / elementType.byteCount }
}

extension TensorData {
  /// A `float64` tensor. A nil shape means one dimension.
  ///
  /// - Precondition: the shape asks for as many elements as are given.
  public init(doubles: [Double], shape: [Int]? = nil) {
    self.init(
      shape: shape ?? [doubles.count], elementType: .float64,
      bytes: littleEndianBytes(of: doubles, as: \.bitPattern))
  }

  /// A `float32` tensor. A nil shape means one dimension.
  ///
  /// - Precondition: the shape asks for as many elements as are given.
  public init(floats: [Float], shape: [Int]? = nil) {
    self.init(
      shape: shape ?? [floats.count], elementType: .float32,
      bytes: littleEndianBytes(of: floats, as: \.bitPattern))
  }

  /// An `int64` tensor. A nil shape means one dimension.
  ///
  /// - Precondition: the shape asks for as many elements as are given.
  public init(integers: [Int], shape: [Int]? = nil) {
    self.init(
      shape: shape ?? [integers.count], elementType: .int64,
      bytes: littleEndianBytes(of: integers) { UInt64(bitPattern: Int64($0)) })
  }
}

private func littleEndianBytes<Element, Word: FixedWidthInteger>(
  of elements: [Element], as word: (Element) -> Word
) -> [UInt8] {
  let size = Word.bitWidth / 8
  var bytes = [UInt8](repeating: 0, count: elements.count * size)
  for (index, element) in elements.enumerated() {
    let word = word(element)
    for byte in 0..<size {
      bytes[index * size + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte))
    }
  }
  return bytes
}
