/// A device, and the reason why it was taken.
public struct DeviceChoice: Sendable {
  public let device: Device
  /// Completes "taken because …".
  public let reason: String
}

extension Device {
  /// The device that a request names.
  ///
  /// - Parameter request: A part of the device's name (case does not matter) or its index in
  ///   `all()`. Without one the variable `CLEBSCH_DEVICE` counts, and without that the most capable
  ///   GPU is taken, else the CPU.
  /// - Throws: `OpenCLError.unknownDevice` where nothing matches, and what `all()` throws.
  public static func select(_ request: String? = nil) throws -> Device {
    try choose(request).device
  }

  /// The device that a request names, as `select(_:)`, with the reason for the choice.
  public static func choose(_ request: String? = nil) throws -> DeviceChoice {
    let devices = try all()
    if let request {
      return try named(request, among: devices, origin: "--device")
    }
    if let request = Environment["CLEBSCH_DEVICE"] {
      return try named(request, among: devices, origin: "CLEBSCH_DEVICE")
    }
    return try mostCapable(of: devices)
  }

  private static func named(
    _ request: String, among devices: [Device], origin: String
  ) throws -> DeviceChoice {
    if let index = Int(request), devices.indices.contains(index) {
      return DeviceChoice(device: devices[index], reason: "\(origin) asks for index \(index)")
    }
    let wanted = request.lowercased()
    let match = devices.first { $0.description.name.lowercased().contains(wanted) }
    guard let match, !wanted.isEmpty else {
      throw OpenCLError.unknownDevice(
        request: request, origin: origin, available: devices.map(\.description.label))
    }
    return DeviceChoice(device: match, reason: "\(origin) asks for '\(request)'")
  }

  private static func mostCapable(of devices: [Device]) throws -> DeviceChoice {
    let usable = devices.filter(\.description.isUsable)
    let reasons: [(DeviceKind, String)] = [
      (.gpu, "the most capable GPU"), (.cpu, "there is no GPU"),
      (.accelerator, "there is neither a GPU nor a CPU"),
    ]
    for (kind, reason) in reasons {
      // `max(by:)` returns the last of equals; of equals the first listed is the one expected.
      let candidates = usable.filter { $0.description.kind == kind }.reversed()
      if let best = candidates.max(by: { $0.description.capability < $1.description.capability }) {
        return DeviceChoice(device: best, reason: reason)
      }
    }
    throw OpenCLError.noDevice(
      findings: devices.map { "device \($0.description.label) is not available" })
  }
}

extension DeviceDescription {
  /// Orders devices of one kind: memory of its own before a share of the host's, since that tells
  /// a card from a processor's built-in graphics; then arithmetic units times clock; then memory.
  fileprivate var capability: (Int, Int, Int) {
    (sharesMemoryWithHost ? 0 : 1, computeUnits * max(1, clockFrequencyMHz), globalMemoryBytes)
  }
}
