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
        try StandardOutput.write(device.record(defaultReason: reason))
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

extension DeviceDescription {
  /// A line of `clebsch devices --json`.
  fileprivate func record(defaultReason: String?) -> JSONObject {
    [
      "index": index, "name": name, "default": defaultReason != nil,
      "default_reason": defaultReason, "kind": kind.rawValue, "vendor": vendor,
      "platform": platformName, "platform_version": platformVersion,
      "device_version": deviceVersion.text, "driver_version": driverVersion,
      "compute_units": computeUnits, "clock_MHz": clockFrequencyMHz,
      "global_memory_bytes": globalMemoryBytes, "maximum_buffer_bytes": maximumAllocationBytes,
      "local_memory_bytes": localMemoryBytes, "double_precision": supportsDouble,
      "half_precision": supportsHalf, "shares_memory_with_host": sharesMemoryWithHost,
      "usable": isUsable,
    ]
  }
}
