/// A value on the pickle machine's stack. Objects that have parts are referred to by their place
/// in the machine's list of nodes, so that a value is small and flat, what the pickle changes after
/// remembering it changes everywhere, and no chain of objects is ever walked by recursion unseen.
enum PickleItem: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case global(PickleGlobal)
  case device(String)
  case node(Int)
}

/// An object that has parts, or that a later opcode completes.
enum PickleNode: Sendable {
  case list([PickleItem])
  case tuple([PickleItem])
  case dictionary([(key: PickleItem, value: PickleItem)])
  case storage(TorchStorage)
  case tensor(TorchTensorReference)
  case numpyType(NumpyType)
  /// Made by `_reconstruct`, to be filled by `BUILD`.
  case unfilledNumpyArray
  case numpyArray(TensorData)
}

/// A NumPy element type on its way through a pickle: `dtype('f8', False, True)` names it, the
/// state that follows gives the byte order.
struct NumpyType: Sendable {
  var elementType: StoredElementType
  var isLittleEndian: Bool

  /// - Parameter code: NumPy's code of a type's kind and size, such as "f8".
  init?(code: String) {
    let types: [String: StoredElementType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
      "i1": .int8, "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
    ]
    guard let type = types[code] else { return nil }
    elementType = type
    isLittleEndian = true
  }
}
