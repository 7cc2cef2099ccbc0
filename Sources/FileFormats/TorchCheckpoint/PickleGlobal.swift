/// The Python names that a checkpoint may mention. To each belongs one fixed meaning, written in
/// this module; a name outside this list ends the reading before anything is made of it.
enum PickleGlobal: Sendable, Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(StoredElementType)
  case device
  case size
  case numpyReconstruct
  case numpyScalar
  case numpyArray
  case numpyType
  case encode
  case bytes

  /// By the name as Python writes it, "module.name".
  static let allowed: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDictionary,
    "torch._utils._rebuild_tensor_v2": .rebuildTensor,
    "torch._utils._rebuild_parameter": .rebuildParameter,
    "torch.DoubleStorage": .storage(.float64),
    "torch.FloatStorage": .storage(.float32),
    "torch.HalfStorage": .storage(.float16),
    "torch.BFloat16Storage": .storage(.bfloat16),
    "torch.LongStorage": .storage(.int64),
    "torch.IntStorage": .storage(.int32),
    "torch.ShortStorage": .storage(.int16),
    "torch.CharStorage": .storage(.int8),
    "torch.ByteStorage": .storage(.uint8),
    "torch.BoolStorage": .storage(.bool),
    "torch.device": .device,
    "torch.Size": .size,
    "numpy.core.multiarray._reconstruct": .numpyReconstruct,
    "numpy._core.multiarray._reconstruct": .numpyReconstruct,
    "numpy.core.multiarray.scalar": .numpyScalar,
    "numpy._core.multiarray.scalar": .numpyScalar,
    "numpy.ndarray": .numpyArray,
    "numpy.dtype": .numpyType,
    "_codecs.encode": .encode,
    "__builtin__.bytes": .bytes,
  ]
}
