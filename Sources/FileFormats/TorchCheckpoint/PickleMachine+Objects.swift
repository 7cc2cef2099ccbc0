extension PickleMachine {
  /// `REDUCE`: what "calling" an allowed name means.
  mutating func reduce() throws {
    let arguments = try tuple(try pop(), "the argument of a call")
    guard case .global(let global) = try pop() else {
      throw problem("the pickle calls a value", expected: "one of the names it may use")
    }
    switch (global, arguments.count) {
    case (.orderedDictionary, 0):
      try push(node: .dictionary([]))
    case (.rebuildTensor, 6), (.rebuildTensor, 7):
      try push(node: .tensor(try tensor(arguments)))
    case (.rebuildParameter, 3):
      guard case .node(let index) = arguments[0], case .tensor = nodes[index] else {
        throw problem("a parameter is made of what is no tensor", expected: "a tensor")
      }
      try push(.node(index))
    case (.device, 1), (.device, 2):
      guard case .string(let name) = arguments[0] else {
        throw problem("a device whose name is no string", expected: "a string")
      }
      try push(.device(name))
    case (.size, 1):
      try push(node: .tuple(try tuple(arguments[0], "a tensor size")))
    case (.bytes, 0):
      try push(.bytes([]))
    case (.encode, 2):
      try push(.bytes(try latin1Bytes(arguments)))
    case (.numpyType, 3):
      try push(node: .numpyType(try numpyType(arguments)))
    case (.numpyReconstruct, 3):
      guard case .global(.numpyArray) = arguments[0] else {
        throw problem("NumPy is to make what is no array", expected: "numpy.ndarray")
      }
      try push(node: .unfilledNumpyArray)
    case (.numpyScalar, 2):
      try push(try numpyScalar(arguments))
    default:
      throw problem(
        "the pickle calls a name with \(arguments.count) arguments",
        expected: "the arguments that torch.save writes")
    }
  }

  /// `BUILD`: the state of an object, for the objects that have one.
  mutating func build() throws {
    let state = try pop()
    guard let index = try topNode() else {
      throw problem("the pickle gives a state to a plain value", expected: "an object")
    }
    switch nodes[index] {
    case .dictionary:
      // A state dictionary's own attributes (`_metadata`: module versions); not data.
      guard case .node(let attributes) = state, case .dictionary = nodes[attributes] else {
        throw problem("a dictionary's state is no dictionary", expected: "a dictionary")
      }
    case .numpyType(var type):
      let fields = try tuple(state, "the state of a NumPy type")
      guard fields.count >= 2, case .string(let order) = fields[1], ["<", ">", "|"].contains(order)
      else {
        throw problem("a NumPy type without byte order", expected: "(3, '<', …)")
      }
      type.isLittleEndian = order != ">"
      replaceNode(index, by: .numpyType(type))
    case .unfilledNumpyArray:
      replaceNode(index, by: .numpyArray(try numpyArray(try tuple(state, "a NumPy array's state"))))
    case .list, .tuple, .storage, .tensor, .numpyArray:
      throw problem("the pickle gives a state to an object that has none", expected: "")
    }
  }

  /// `BINPERSID`: a storage, which lives in an entry of its own.
  mutating func persistentStorage() throws {
    let fields = try tuple(try pop(), "a persistent reference")
    guard fields.count == 5, case .string("storage") = fields[0],
      case .global(.storage(let elementType)) = fields[1], case .string(let key) = fields[2],
      case .integer(let count) = fields[4]
    else {
      throw problem(
        "a persistent reference of unknown form",
        expected: "('storage', type, key, location, count)")
    }
    let name = storageFolder + key
    guard let entry = archive.entry(named: name) else {
      throw problem("the storage \(quoted(name)) is missing", expected: "an entry of that name")
    }
    guard let byteCount = elementType.byteCount(ofShape: [count]), byteCount == entry.count else {
      throw problem(
        "the storage \(quoted(name)) has \(entry.count) bytes for \(count) elements of type "
          + "\(elementType)", expected: "a whole file")
    }
    try push(node: .storage(TorchStorage(entry: name, elementType: elementType, count: count)))
  }

  private func tensor(_ arguments: [PickleItem]) throws -> TorchTensorReference {
    guard case .node(let index) = arguments[0], case .storage(let storage) = nodes[index],
      case .integer(let offset) = arguments[1]
    else {
      throw problem("a tensor without storage", expected: "(storage, offset, size, stride, …)")
    }
    do {
      return try TorchTensorReference.checked(
        storage: storage, offset: offset, shape: try integers(arguments[2], "a tensor's shape"),
        strides: try integers(arguments[3], "a tensor's strides"))
    } catch let failure as FormatProblem {
      throw problem(failure.found, expected: failure.expected)
    }
  }

  /// The elements of a tuple of integers that is no longer than a shape can be.
  private func integers(_ item: PickleItem, _ purpose: String) throws -> [Int] {
    let elements = try tuple(item, purpose)
    guard elements.count <= TorchTensorReference.greatestRank else {
      throw problem(
        "\(purpose) has \(elements.count) dimensions",
        expected: "at most \(TorchTensorReference.greatestRank)")
    }
    return try elements.map {
      guard case .integer(let value) = $0 else {
        throw problem("\(purpose) has an element that is no integer", expected: "integers")
      }
      return value
    }
  }

  /// `encode(text, 'latin1')`, the form that bytes take under protocol 2: a code point a byte.
  private mutating func latin1Bytes(_ arguments: [PickleItem]) throws -> [UInt8] {
    guard case .string(let text) = arguments[0], case .string("latin1") = arguments[1] else {
      throw problem("text is to be encoded in an unknown way", expected: "(text, 'latin1')")
    }
    try charge(text.utf8.count)
    return try text.unicodeScalars.map {
      guard let byte = UInt8(exactly: $0.value) else {
        throw problem(
          "bytes with the code point \($0.value)", expected: "code points from 0 to 255")
      }
      return byte
    }
  }

  private func numpyType(_ arguments: [PickleItem]) throws -> NumpyType {
    guard case .string(let code) = arguments[0] else {
      throw problem("a NumPy type without a name", expected: "a name such as 'f8'")
    }
    guard let type = NumpyType(code: code) else {
      throw problem(
        "a NumPy array of type \(quoted(code))", expected: "numbers or Booleans of 1 to 8 bytes")
    }
    return type
  }

  private func littleEndianType(_ item: PickleItem) throws -> StoredElementType {
    guard case .node(let index) = item, case .numpyType(let type) = nodes[index] else {
      throw problem("NumPy data without a type", expected: "numpy.dtype")
    }
    guard type.isLittleEndian else {
      throw problem("NumPy data with the high byte first", expected: "little-endian data")
    }
    return type.elementType
  }

  /// `(version, shape, dtype, isFortranOrder, bytes)`.
  private mutating func numpyArray(_ state: [PickleItem]) throws -> TensorData {
    guard state.count == 5, case .bool(let isColumnMajor) = state[3],
      case .bytes(let bytes) = state[4]
    else {
      throw problem(
        "a NumPy array's state of unknown form", expected: "(1, shape, type, order, bytes)")
    }
    let shape = try integers(state[1], "a NumPy array's shape")
    let type = try littleEndianType(state[2])
    guard type.byteCount(ofShape: shape) == bytes.count else {
      throw problem(
        "a NumPy array of type \(type) and shape \(shape) has \(bytes.count) bytes",
        expected: type.byteCount(ofShape: shape).map { "\($0) bytes" } ?? "a possible shape")
    }
    guard isColumnMajor, shape.count > 1 else {
      return TensorData(shape: shape, elementType: type, bytes: bytes)
    }
    try charge(bytes.count)
    var strides: [Int] = []
    for size in [1] + shape.dropLast() { strides.append((strides.last ?? 1) * size) }
    let storage = TorchStorage(entry: "", elementType: type, count: bytes.count / type.byteCount)
    return TorchTensorReference(
      shape: shape, elementType: type, storage: storage, offset: 0, strides: strides
    ).gather(from: bytes)
  }

  /// `scalar(dtype, bytes)`: one number, which becomes a plain one.
  private func numpyScalar(_ arguments: [PickleItem]) throws -> PickleItem {
    let type = try littleEndianType(arguments[0])
    guard case .bytes(let bytes) = arguments[1], bytes.count == type.byteCount else {
      throw problem("a NumPy number of the wrong length", expected: "\(type.byteCount) bytes")
    }
    let value = TensorData(shape: [], elementType: type, bytes: bytes)
    if type == .bool { return .bool(bytes[0] != 0) }
    if type.isFloatingPoint, let number = try? value.doubles().first { return .double(number) }
    if let number = try? value.integers().first { return .integer(number) }
    throw problem("a NumPy integer beyond 64 bits with sign", expected: "a smaller number")
  }
}
