import Foundation
import OpenCLRuntime
import Testing

@Suite("Devices")
struct DeviceTests {
  @Test("every device is listed at its index and describes itself")
  func listing() throws {
    let devices = try Device.all()
    #expect(devices.map(\.description.index) == Array(devices.indices))
    for description in devices.map(\.description) {
      #expect(!description.name.isEmpty)
      #expect(!description.platformName.isEmpty)
      #expect(description.computeUnits > 0)
      #expect(description.maximumWorkGroupSize > 0)
      #expect(description.maximumAllocationBytes > 0)
      #expect(description.maximumAllocationBytes <= description.globalMemoryBytes)
      #expect(description.deviceVersion.isAtLeast(1, 2))
      #expect(description.supportsDouble == description.supports(extension: "cl_khr_fp64"))
    }
  }

  @Test("a description survives JSON")
  func coding() throws {
    for description in try Device.all().map(\.description) {
      let data = try JSONEncoder().encode(description)
      #expect(try JSONDecoder().decode(DeviceDescription.self, from: data) == description)
    }
  }

  @Test("a device is selected by its index")
  func selectionByIndex() throws {
    for device in try Device.all() {
      #expect(try Device.select("\(device.description.index)") == device)
    }
  }

  @Test("a device is selected by a part of its name in any case")
  func selectionByName() throws {
    let device = try #require(try Device.all().first)
    let part = String(device.description.name.uppercased().prefix(6))
    let choice = try Device.choose(part)
    #expect(choice.device == device)
    #expect(choice.reason.contains(part))
  }

  @Test(
    "an unknown device is refused with the list of those that there are",
    arguments: ["no such device", "99", "-1"])
  func unknownDevice(request: String) throws {
    let names = try Device.all().map(\.description.name)
    let error = #expect(throws: OpenCLError.self) { try Device.select(request) }
    let text = try #require(error).description
    #expect(text.contains("'\(request)'"))
    for name in names { #expect(text.contains(name)) }
  }

  @Test("without a request the default is a usable device, and says why")
  func defaultDevice() throws {
    let choice = try Device.choose()
    #expect(choice.device.description.isUsable)
    #expect(!choice.reason.isEmpty)
    let kinds = try Device.all().filter(\.description.isUsable).map(\.description.kind)
    if ProcessInfo.processInfo.environment["CLEBSCH_DEVICE"] == nil, kinds.contains(.gpu) {
      #expect(choice.device.description.kind == .gpu)
    }
  }

  @Test(
    "a version's numbers are read from its text",
    arguments: [
      ("OpenCL 3.0 PoCL HSTR: pthread-x86_64", 3, 0), ("OpenCL 1.2 CUDA", 1, 2), ("nonsense", 1, 0),
    ])
  func version(text: String, major: Int, minor: Int) {
    let version = DeviceVersion(text: text)
    #expect((version.major, version.minor) == (major, minor))
    #expect(version.isAtLeast(major, minor))
    #expect(!version.isAtLeast(major, minor + 1))
  }
}
