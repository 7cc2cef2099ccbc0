/// A tensor in a checkpoint: a strided view of one of its storages, not yet read.
public struct TorchTensorReference: Sendable, Equatable {
  public let shape: [Int]
  public let elementType: StoredElementType
  let storage: TorchStorage
  /// In elements.
  let offset: Int
  /// In elements, one a dimension.
  let strides: [Int]

  /// Views that repeat elements (of stride 0) may grow beyond their storage up to here; without a
  /// bound a file of a hundred bytes could ask for all memory.
  private static let greatestRepeatingCount = 1 << 20
  /// NumPy's limit, and twice PyTorch's.
  static let greatestRank = 64

  /// A view that lies inside its storage.
  ///
  /// - Throws: `FormatProblem` if it does not.
  static func checked(
    storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]
  ) throws -> TorchTensorReference {
    func problem(_ text: String) -> FormatProblem {
      FormatProblem(
        found: "a tensor of shape \(shape), strides \(strides) and offset \(offset) \(text)",
        expected: "a view inside storage \(quoted(storage.entry))")
    }
    guard shape.count == strides.count, offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }),
      let byteCount = storage.elementType.byteCount(ofShape: shape)
    else {
      throw problem("is impossible")
    }
    if byteCount > 0 {
      guard let last = lastElement(offset: offset, shape: shape, strides: strides),
        last < storage.count
      else {
        throw problem("reaches beyond its \(storage.count) stored elements")
      }
      let count = byteCount / storage.elementType.byteCount
      guard count <= max(storage.count, greatestRepeatingCount) else {
        throw problem("repeats its \(storage.count) stored elements too often")
      }
    }
    return TorchTensorReference(
      shape: shape, elementType: storage.elementType, storage: storage, offset: offset,
      strides: strides)
  }

  /// The greatest index into the storage of a view with elements, or nil beyond `Int`.
  private static func lastElement(offset: Int, shape: [Int], strides: [Int]) -> Int? {
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (step, stepOverflows) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflows) = last.addingReportingOverflow(step)
      guard !stepOverflows, !sumOverflows else { return nil }
      last = sum
    }
    return last
  }

  /// The tensor's elements in row-major order, taken from the bytes of its storage.
  ///
  /// - Precondition: the storage has the length that it declares.
  func gather(from bytes: [UInt8]) -> TensorData {
    let size = elementType.byteCount
    precondition(bytes.count == storage.count * size, "storage of \(bytes.count) bytes")
    guard !shape.contains(0) else {
      return TensorData(shape: shape, elementType: elementType, bytes: [])
    }
    let count = shape.reduce(1, *)
    if isContiguous {
      let start = offset * size
      let view = count == storage.count ? bytes : Array(bytes[start..<start + count * size])
      return TensorData(shape: shape, elementType: elementType, bytes: view)
    }
    var view: [UInt8] = []
    view.reserveCapacity(count * size)
    var index = [Int](repeating: 0, count: shape.count)
    var element = offset
    for _ in 0..<count {
      view.append(contentsOf: bytes[element * size..<(element + 1) * size])
      var dimension = shape.count - 1
      while dimension >= 0 {
        index[dimension] += 1
        // The stride of a dimension of size 1 may be any number; stepping over and back cancels.
        element &+= strides[dimension]
        if index[dimension] < shape[dimension] { break }
        element &-= strides[dimension] &* shape[dimension]
        index[dimension] = 0
        dimension -= 1
      }
    }
    return TensorData(shape: shape, elementType: elementType, bytes: view)
  }

  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }
}

/// A run of elements in an entry of a checkpoint's archive.
struct TorchStorage: Sendable, Equatable {
  /// The name of the archive's entry.
  var entry: String
  var elementType: StoredElementType
  /// The number of elements.
  var count: Int
}
