import FoundationEssentials

/// The file that keeps a device's record between runs.
///
/// It appears whole or not at all. A damaged one, or one of another version, is ignored with a
/// warning; the next one that is written replaces it.
struct DeviceRecordFile {
  let path: String
  private let folder: String
  private let warn: @Sendable (String) -> Void
  private let device: DeviceDescription

  /// - Parameter folder: Where the records of all devices are.
  init(folder: String, device: DeviceDescription, warn: @escaping @Sendable (String) -> Void) {
    self.folder = folder
    self.device = device
    self.warn = warn
    let parts = [
      device.name, device.driverVersion, device.deviceVersion.text, device.platformName,
      device.platformVersion, "\(device.computeUnits)",
    ]
    let identity = parts.map { "\($0.utf8.count):\($0)" }.joined()
    let digits = SHA256.hexadecimal(of: Array(identity.utf8)).prefix(16)
    path = "\(folder)/\(digits).json"
  }

  /// What the file holds; an empty record where there is none.
  func read() -> DeviceRecord {
    guard let content = FileManager.default.contents(atPath: path) else { return DeviceRecord() }
    guard let record = try? JSONDecoder().decode(DeviceRecord.self, from: content),
      record.isCurrent
    else {
      warn(
        "what was measured on '\(device.name)' is ignored: '\(path)' is damaged or of another "
          + "version.\n'clebsch doctor' and 'clebsch tune' write it anew.")
      return DeviceRecord()
    }
    return record
  }

  /// - Throws: `FileError`, or the file manager's error, where the folder cannot be written.
  func write(_ record: DeviceRecord) throws {
    var record = record
    record.device = device.name
    record.driver = device.driverVersion
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let content = try encoder.encode(record)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let unique = String(UInt64.random(in: 0 ... .max), radix: 16)
    try FileDescriptor.writeFile(
      Array(content) + [UInt8(ascii: "\n")], to: path, by: "\(path).\(unique).unfinished")
  }
}
