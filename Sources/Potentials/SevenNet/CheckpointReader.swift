import FileFormats

/// Reads entries of a configuration in SevenNet's words, and says by name what does not fit.
struct SettingsReader {
  /// The file's name, for messages.
  let name: String
  let configuration: CheckpointDictionary

  func mismatch(_ entry: String, found: String, expected: String) -> PotentialError {
    PotentialError.checkpoint(file: name, entry: entry, found: found, expected: expected)
  }

  /// A configuration entry converted by `convert`; `fallback` when it is absent or None.
  func value<Value>(
    _ key: String, _ expected: String, default fallback: Value? = nil,
    _ convert: (CheckpointValue) -> Value?
  ) throws -> Value {
    guard let entry = configuration[key], !entry.isNone else {
      if let fallback { return fallback }
      throw mismatch("config.\(key)", found: "missing", expected: expected)
    }
    guard let value = convert(entry) else {
      throw mismatch("config.\(key)", found: entry.kindName, expected: expected)
    }
    return value
  }

  func integer(_ key: String, default fallback: Int? = nil) throws -> Int {
    try value(key, "an integer", default: fallback) { $0.integerValue }
  }

  func boolean(_ key: String, default fallback: Bool) throws -> Bool {
    try value(key, "a Boolean", default: fallback) { $0.boolValue }
  }

  func number(_ key: String) throws -> Double {
    try value(key, "a number") { $0.doubleValue }
  }

  func string(_ key: String, default fallback: String? = nil) throws -> String {
    try value(key, "a string", default: fallback) { $0.stringValue }
  }
}

/// Reads entries of a checkpoint's configuration and state, and says by name what does not fit.
struct CheckpointReader {
  let checkpoint: TorchCheckpoint
  let settings: SettingsReader
  let state: CheckpointDictionary

  init(_ checkpoint: TorchCheckpoint) throws {
    self.checkpoint = checkpoint
    func dictionary(_ key: String) throws -> CheckpointDictionary {
      guard let value = checkpoint.root[key]?.dictionaryValue else {
        throw PotentialError.checkpoint(
          file: checkpoint.name, entry: key,
          found: checkpoint.root[key]?.kindName ?? "missing",
          expected: "a dictionary, as in a SevenNet checkpoint")
      }
      return value
    }
    settings = SettingsReader(
      name: checkpoint.name, configuration: try dictionary("config"))
    state = try dictionary("model_state_dict")
  }

  func mismatch(_ entry: String, found: String, expected: String) -> PotentialError {
    settings.mismatch(entry, found: found, expected: expected)
  }

  /// The elements of a tensor of the state, which must have this many.
  ///
  /// - Parameter key: the entry's name; spaces may stand for underscores in old files.
  func tensor(_ key: String, count: Int? = nil) throws -> TensorData {
    guard let reference = state[key]?.tensorReference else {
      throw mismatch(
        "model_state_dict.\(key)", found: state[key]?.kindName ?? "missing",
        expected: "a tensor")
    }
    let data = try checkpoint.tensor(reference)
    if let count, data.count != count {
      throw mismatch(
        "model_state_dict.\(key)", found: "a tensor of shape \(data.shape)",
        expected: "\(count) numbers for the configured irreps")
    }
    return data
  }
}
