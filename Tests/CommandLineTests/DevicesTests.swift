import Clebsch
import Foundation
import Testing

@Suite("clebsch devices", .serialized)
struct DevicesTests {
  @Test("lists every device as JSON, with one default and the reason for it")
  func json() throws {
    let run = try CommandRun(["devices", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let objects = try run.outputLines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let devices = try Device.all()
    #expect(objects.map { $0["name"] as? String } == devices.map(\.description.name))
    #expect(objects.map { $0["index"] as? Int } == Array(devices.indices))
    for (object, device) in zip(objects, devices) {
      #expect(object["driver_version"] as? String == device.description.driverVersion)
      #expect(object["double_precision"] as? Bool == device.description.supportsDouble)
      // Not the same number to the byte: a virtual machine's memory grows and shrinks.
      let memory = try #require(object["global_memory_bytes"] as? Int)
      let ratio = Double(memory) / Double(device.description.globalMemoryBytes)
      #expect((0.1...10).contains(ratio), "\(memory) bytes")
    }
    let defaults = objects.filter { $0["default"] as? Bool == true }
    #expect(defaults.count == 1)
    #expect(defaults.first?["default_reason"] is String)
  }

  @Test("the text names every device and marks the default")
  func text() throws {
    let run = try CommandRun(["devices"])
    #expect(run.status == 0)
    for device in try Device.all() { #expect(run.output.contains(device.description.name)) }
    #expect(run.output.contains("(default: "))
  }

  @Test("CLEBSCH_DEVICE is the default, and says so")
  func chosenByVariable() throws {
    let run = try CommandRun(["devices"], environment: ["CLEBSCH_DEVICE": "0"])
    #expect(run.status == 0)
    #expect(run.output.contains("CLEBSCH_DEVICE"))
  }

  @Test("a CLEBSCH_DEVICE that matches nothing is an error, below the list that helps")
  func unknownByVariable() throws {
    let run = try CommandRun(["devices"], environment: ["CLEBSCH_DEVICE": "no such device"])
    expectFailure(run, status: 69, "CLEBSCH_DEVICE", "'no such device'")
    #expect(!run.output.isEmpty)
  }

  @Test("a machine without OpenCL is told what to install")
  func noPlatform() throws {
    // The loader of OpenCL finds implementations in this folder, and here in none.
    let nothing = ["OCL_ICD_VENDORS": "/nonexistent", "OPENCL_VENDOR_PATH": "/nonexistent"]
    expectFailure(
      try CommandRun(["devices"], environment: nothing), status: 69, "no OpenCL", "apt-get install")
    expectFailure(
      try CommandRun(
        ["evaluate", Repository.smallModel, Repository.example("benzene")], environment: nothing),
      status: 69, "no OpenCL", "apt-get install")
  }
}
