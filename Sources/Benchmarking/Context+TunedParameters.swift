import OpenCLRuntime

extension Context {
  /// What was tuned on the device, sorted by name.
  public var tunedParameters: [(name: String, value: Int)] {
    record.parameters.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
  }
}
