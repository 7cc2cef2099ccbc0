/// Turns what a pickle left behind into values.
///
/// An object that occurs in several places is turned once and shared, so that the result takes no
/// more memory than the pickle's objects; one that contains itself, or one nested too deeply, is
/// refused.
struct PickleFreezer {
  private enum State {
    case inProgress
    case done(CheckpointValue)
  }

  /// Deeper than any configuration, shallow enough for the smallest thread's stack.
  private static let greatestDepth = 64

  private let machine: PickleMachine
  private var states: [Int: State] = [:]
  private var depth = 0

  init(machine: PickleMachine) {
    self.machine = machine
  }

  mutating func value(of item: PickleItem) throws -> CheckpointValue {
    switch item {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .double(let value): return .double(value)
    case .string(let value): return .string(value)
    case .bytes(let value): return .bytes(value)
    case .device(let value): return .device(value)
    case .global:
      throw machine.problem(
        "the pickle keeps a type as a value", expected: "tensors and plain values")
    case .node(let index): return try value(ofNode: index)
    }
  }

  private mutating func value(ofNode index: Int) throws -> CheckpointValue {
    switch states[index] {
    case .done(let value): return value
    case .inProgress:
      throw machine.problem("an object contains itself", expected: "plain data")
    case nil: break
    }
    guard depth < Self.greatestDepth else {
      throw machine.problem(
        "objects are nested too deeply", expected: "at most \(Self.greatestDepth) levels")
    }
    states[index] = .inProgress
    depth += 1
    defer { depth -= 1 }
    let value: CheckpointValue
    switch machine.nodes[index] {
    case .list(let elements): value = .list(try elements.map { try self.value(of: $0) })
    case .tuple(let elements): value = .tuple(try elements.map { try self.value(of: $0) })
    case .dictionary(let entries): value = .dictionary(try dictionary(entries))
    case .tensor(let tensor): value = .tensor(tensor)
    case .numpyArray(let array): value = .numpyArray(array)
    case .storage:
      throw machine.problem(
        "the pickle keeps a storage as a value", expected: "tensors and plain values")
    case .numpyType, .unfilledNumpyArray:
      throw machine.problem(
        "the pickle keeps an unfinished NumPy object", expected: "tensors and plain values")
    }
    states[index] = .done(value)
    return value
  }

  /// As in Python a repeated key keeps its first place and takes the last value.
  private mutating func dictionary(
    _ entries: [(key: PickleItem, value: PickleItem)]
  ) throws -> CheckpointDictionary {
    var places: [PickleKey: Int] = [:]
    var result: [CheckpointDictionary.Entry] = []
    for (key, value) in entries {
      guard let plainKey = PickleKey(key) else {
        throw machine.problem(
          "a dictionary has a key that is neither text nor number",
          expected: "strings, numbers, Booleans or None as keys")
      }
      let value = try self.value(of: value)
      if let place = places[plainKey] {
        result[place].value = value
      } else {
        places[plainKey] = result.count
        result.append((try self.value(of: key), value))
      }
    }
    return CheckpointDictionary(result)
  }
}

/// A dictionary key that can be compared.
private enum PickleKey: Hashable {
  case none
  case bool(Bool)
  case integer(Int)
  case double(Double)
  case string(String)

  init?(_ item: PickleItem) {
    switch item {
    case .none: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .double(let value): self = .double(value)
    case .string(let value): self = .string(value)
    default: return nil
    }
  }
}
