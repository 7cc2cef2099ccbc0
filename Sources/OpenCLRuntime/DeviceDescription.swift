/// What kind of processor a device is.
public enum DeviceKind: String, Sendable, Hashable, Codable {
  case gpu, cpu, accelerator, other
}

/// A version as OpenCL writes it, `OpenCL 3.0 PoCL …`: the text, and its numbers.
public struct DeviceVersion: Sendable, Hashable, Codable {
  public let text: String
  public let major: Int
  public let minor: Int

  /// Reads the numbers of `OpenCL <major>.<minor> …`; a text of another form counts as 1.0.
  public init(text: String) {
    self.text = text
    let words = text.split(separator: " ")
    let numbers = words.count > 1 ? words[1].split(separator: ".").compactMap { Int($0) } : []
    major = numbers.count == 2 ? numbers[0] : 1
    minor = numbers.count == 2 ? numbers[1] : 0
  }

  /// Whether this version is `major.minor` or a later one.
  public func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
    (self.major, self.minor) >= (major, minor)
  }
}

/// What a device says of itself. Sizes are in bytes.
public struct DeviceDescription: Sendable, Hashable, Codable {
  /// The device's place in `Device.all()`, which `--device` and `CLEBSCH_DEVICE` take.
  public let index: Int
  public let name: String
  public let vendor: String
  public let platformName: String
  public let platformVersion: String
  public let driverVersion: String
  public let deviceVersion: DeviceVersion
  public let kind: DeviceKind
  public let computeUnits: Int
  public let clockFrequencyMHz: Int
  public let globalMemoryBytes: Int
  /// The largest single buffer.
  public let maximumAllocationBytes: Int
  /// Local memory of one work-group.
  public let localMemoryBytes: Int
  /// Whether local memory is a memory of its own, and not a part of global memory.
  public let hasDedicatedLocalMemory: Bool
  public let maximumWorkGroupSize: Int
  public let maximumWorkItemSizes: [Int]
  public let supportsDouble: Bool
  public let supportsHalf: Bool
  /// Whether device and host use one memory, so that a buffer can be mapped without a copy.
  public let sharesMemoryWithHost: Bool
  /// How many `float`s a vector of the hardware holds.
  public let nativeFloatVectorWidth: Int
  /// Alignment at which a buffer's memory starts.
  public let memoryAlignmentBytes: Int
  /// Whether the device is there, and has a compiler for OpenCL C.
  public let isUsable: Bool
  public let extensions: [String]

  /// Whether the device lists the extension of this name.
  public func supports(extension name: String) -> Bool { extensions.contains(name) }

  /// Index and name, as lists of devices show them: `0 'pthread-haswell'`.
  public var label: String { "\(index) '\(name)'" }
}
