/// A value of a checkpoint: what Python's objects in it amount to, as plain data.
public enum CheckpointValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([CheckpointValue])
  case tuple([CheckpointValue])
  case dictionary(CheckpointDictionary)
  /// A PyTorch tensor whose elements are read when `TorchCheckpoint.tensor(_:)` is asked for them.
  indirect case tensor(TorchTensorReference)
  indirect case numpyArray(TensorData)
  /// A PyTorch device by its name, such as "cuda".
  case device(String)
}

/// A dictionary that keeps its order and whose keys are values.
public struct CheckpointDictionary: Sendable {
  public typealias Entry = (key: CheckpointValue, value: CheckpointValue)

  /// The entries in order. Keys are none, Booleans, numbers or strings, none of them twice.
  public let entries: [Entry]
  private let indexByString: [String: Int]

  package init(_ entries: [Entry]) {
    self.entries = entries
    var index: [String: Int] = [:]
    for (position, entry) in entries.enumerated() {
      if case .string(let key) = entry.key { index[key] = position }
    }
    indexByString = index
  }

  /// The value under a key that is a string.
  public subscript(key: String) -> CheckpointValue? {
    indexByString[key].map { entries[$0].value }
  }

  /// The keys that are strings, in order.
  public var stringKeys: [String] {
    entries.compactMap { $0.key.stringValue }
  }
}

extension CheckpointValue {
  /// The value under a string key, if this is a dictionary that has it.
  public subscript(key: String) -> CheckpointValue? {
    dictionaryValue?[key]
  }

  public var isNone: Bool {
    if case .none = self { true } else { false }
  }

  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  public var integerValue: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A real number, or an integer that has an exact double.
  public var doubleValue: Double? {
    switch self {
    case .double(let value): value
    case .integer(let value): Double(exactly: value)
    default: nil
    }
  }

  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements of a list or tuple.
  public var elements: [CheckpointValue]? {
    switch self {
    case .list(let elements), .tuple(let elements): elements
    default: nil
    }
  }

  public var dictionaryValue: CheckpointDictionary? {
    if case .dictionary(let value) = self { value } else { nil }
  }

  public var tensorReference: TorchTensorReference? {
    if case .tensor(let value) = self { value } else { nil }
  }

  public var numpyArray: TensorData? {
    if case .numpyArray(let value) = self { value } else { nil }
  }

  /// What kind of value this is, for messages.
  public var kindName: String {
    switch self {
    case .none: "None"
    case .bool: "a Boolean"
    case .integer: "an integer"
    case .double: "a real number"
    case .string: "a string"
    case .bytes: "bytes"
    case .list: "a list"
    case .tuple: "a tuple"
    case .dictionary: "a dictionary"
    case .tensor: "a tensor"
    case .numpyArray: "a NumPy array"
    case .device: "a device"
    }
  }
}
