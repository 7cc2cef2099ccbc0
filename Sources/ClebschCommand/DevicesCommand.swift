import ArgumentParser
import Clebsch

/// `clebsch devices`: what there is to compute on.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Lists the OpenCL devices, and which one is taken by default and why.",
    discussion: "Example:\n  clebsch devices --json")

  @Flag(help: "Print one JSON object a device.")
  var json = false

  func run() throws {
    let devices = try Device.all().map(\.description)
    // A CLEBSCH_DEVICE that matches nothing must not hide the list that helps to correct it.
    let choice = Result { try Device.choose() }
    let chosen = try? choice.get()
    for device in devices {
      let reason = device.index == chosen?.device.description.index ? chosen?.reason : nil
      if json {
        try StandardOutput.write(json: DeviceRecord(device, defaultReason: reason))
      } else {
        try StandardOutput.write(Self.text(of: device, defaultReason: reason))
      }
    }
    _ = try choice.get()
  }

  private static func text(of device: DeviceDescription, defaultReason: String?) -> String {
    let mark = defaultReason.map { "  (default: \($0))" } ?? ""
    let doubles = device.supportsDouble ? "double precision" : "no double precision"
    let usable = device.isUsable ? "" : ", not usable: it is unavailable or has no compiler"
    return """
      \(device.index)  \(device.name)\(mark)
         \(device.kind.rawValue), \(device.vendor); \(device.computeUnits) compute units at \
      \(device.clockFrequencyMHz) MHz, \(gibibytes(device.globalMemoryBytes)) GiB of memory \
      (one buffer: \(gibibytes(device.maximumAllocationBytes)) GiB), \(doubles)\(usable)
         \(device.deviceVersion.text); driver \(device.driverVersion); \
      platform \(device.platformName)

      """
  }

  private static func gibibytes(_ bytes: Int) -> String {
    fixed(Double(bytes) / 1_073_741_824, decimals: 1)
  }
}

/// A line of `clebsch devices --json`; the keys are a contract (docs/command-line.md).
private struct DeviceRecord: Encodable {
  let index: Int
  let name: String
  let vendor: String
  let kind: String
  let platform: String
  let platform_version: String
  let device_version: String
  let driver_version: String
  let compute_units: Int
  let clock_MHz: Int
  let global_memory_bytes: Int
  let maximum_buffer_bytes: Int
  let local_memory_bytes: Int
  let double_precision: Bool
  let half_precision: Bool
  let shares_memory_with_host: Bool
  let usable: Bool
  let `default`: Bool
  let default_reason: String?

  init(_ device: DeviceDescription, defaultReason: String?) {
    index = device.index
    name = device.name
    vendor = device.vendor
    kind = device.kind.rawValue
    platform = device.platformName
    platform_version = device.platformVersion
    device_version = device.deviceVersion.text
    driver_version = device.driverVersion
    compute_units = device.computeUnits
    clock_MHz = device.clockFrequencyMHz
    global_memory_bytes = device.globalMemoryBytes
    maximum_buffer_bytes = device.maximumAllocationBytes
    local_memory_bytes = device.localMemoryBytes
    double_precision = device.supportsDouble
    half_precision = device.supportsHalf
    shares_memory_with_host = device.sharesMemoryWithHost
    usable = device.isUsable
    `default` = defaultReason != nil
    default_reason = defaultReason
  }
}
