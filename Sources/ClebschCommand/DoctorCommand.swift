import ArgumentParser
import Clebsch

/// `clebsch doctor`: is everything well on this machine?
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks devices, kernel cache and every kernel family against the host.",
    discussion: """
      Example:
        clebsch doctor
        clebsch doctor 7net-0 --json

      Each kernel family is compared with arithmetic on the host in double precision. What is found is
      remembered by device, driver and kernel sources. A family that disagrees is refused by name from
      then on, wherever it would be used, and the exit code is 69; running doctor again, after a new
      driver or a new version, lifts that. With a model, the kernels of its step and why they are these.
      """)

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String?

  @Flag(help: "Check again what is remembered.")
  var anew = false

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Only this OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  func run() throws {
    let choice = try Device.choose()
    let devices =
      try device.map { [try Device.select($0)] }
      ?? Device.all().filter(\.description.isUsable)
    var wrong: [String] = []
    for device in devices {
      let isDefault = device == choice.device
      try show(device, defaultReason: isDefault ? choice.reason : nil)
      _ = try SelfCheck().run(on: device, anew: anew) { finding in
        if !finding.agrees { wrong.append("'\(finding.family.rawValue)' on '\(device.name)'") }
        try show(finding, on: device)
      }
    }
    if let model { try showPaths(of: model, on: try Device.select(device)) }
    guard wrong.isEmpty else {
      throw Failure(
        .noUsableDevice,
        "kernels disagree with the host: \(wrong.joined(separator: ", ")).\n"
          + "They are refused from now on; take another device, or try another driver.")
    }
    if !json { try StandardOutput.write("all is well\n") }
  }

  // MARK: Devices and caches

  private func show(_ device: Device, defaultReason: String?) throws {
    let description = device.description
    let context = try Context(device: device)
    let cache = context.programCacheUsage
    if json {
      try StandardOutput.write([
        "check": "device", "device": description.name, "index": description.index,
        "driver": description.driverVersion, "platform": description.platformVersion,
        "double_precision": description.supportsDouble, "default_reason": defaultReason,
        "kernel_cache": cache?.folder, "kernel_cache_files": cache?.fileCount,
        "kernel_cache_bytes": cache?.byteCount, "kernel_cache_limit_bytes": cache?.limitBytes,
        "tuned": context.tunedParameters.map { "\($0.name)=\($0.value)" },
        "clblast": CLBlast.installed?.file,
      ])
      return
    }
    let mark = defaultReason.map { "  (default: \($0))" } ?? ""
    let tuned = context.tunedParameters.map { "\($0.name) = \($0.value)" }
    let library =
      CLBlast.installed.map {
        "\($0.file); for matrix products where 'clebsch tune' finds it faster"
      }
      ?? "not installed; all matrix products are our own"
    try StandardOutput.write(
      """
      device \(description.index)  \(description.name)\(mark)
        driver          \(description.driverVersion); \(description.platformVersion); \
      \(description.supportsDouble ? "double precision" : "no double precision")
        kernel cache    \(cache.map(Self.text) ?? "none: no folder is set, kernels are built each time")
        tuned           \(tuned.isEmpty ? "nothing; shipped parameters" : tuned.joined(separator: ", "))
        CLBlast         \(library)

      """)
  }

  private static func text(of cache: ProgramCacheUsage) -> String {
    func mebibytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1_048_576, decimals: 1) }
    return "\(cache.folder): \(cache.fileCount) files, \(mebibytes(cache.byteCount)) MiB "
      + "of at most \(mebibytes(cache.limitBytes)) MiB"
  }

  // MARK: Kernels

  private func show(_ finding: SelfCheck.Finding, on device: Device) throws {
    if json {
      try StandardOutput.write([
        "check": "kernels", "family": finding.family.rawValue, "agrees": finding.agrees,
        "finding": finding.text, "remembered": finding.isRemembered, "date": finding.date,
        "device": device.name, "driver": device.description.driverVersion,
      ])
    } else {
      let source = finding.isRemembered ? " (remembered, \(finding.date))" : ""
      try StandardOutput.write(
        "  \(finding.family.rawValue.padded(to: 16))"
          + "\(finding.agrees ? "right" : "WRONG")  \(finding.text)\(source)\n")
    }
  }

  // MARK: Models

  private func showPaths(of model: String, on device: Device) throws {
    let context = try Context(device: device)
    let potential = try ModelLocator().model(model).potential(on: context)
    let paths = try ModelPaths(of: potential, on: context)
    if json {
      for share in paths.shares {
        try StandardOutput.write([
          "check": "model", "model": model, "device": device.name,
          "family": share.family.rawValue, "kernels": share.kernelCount,
          "operation_fraction": share.operationFraction,
          "names": share.kernels.map { "\($0.name) ×\($0.count)" }, "reason": paths.reason,
        ])
      }
      return
    }
    try StandardOutput.write(
      "model \(model)  \(paths.kernelCount) kernels a step on '\(device.name)'\n"
        + "  why             \(paths.reason)\n")
    for share in paths.shares {
      let names = share.kernels.map { $0.count == 1 ? $0.name : "\($0.name) ×\($0.count)" }
      try StandardOutput.write(
        "  \(share.family.rawValue.padded(to: 16))\(share.kernelCount) kernels, "
          + "\(fixed(100 * share.operationFraction, decimals: 0)) % of the operations: "
          + "\(names.joined(separator: ", "))\n")
    }
  }
}

extension Device {
  fileprivate var name: String { description.name }
}
