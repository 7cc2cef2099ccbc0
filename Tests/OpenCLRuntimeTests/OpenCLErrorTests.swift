import OpenCLRuntime
import Testing

@Suite("Errors")
struct OpenCLErrorTests {
  @Test("a status has its standard name and a meaning")
  func statusNames() {
    #expect(OpenCLStatus(rawValue: 0).name == "CL_SUCCESS")
    #expect(OpenCLStatus(rawValue: -5).name == "CL_OUT_OF_RESOURCES")
    #expect(OpenCLStatus(rawValue: -1001).name == "CL_PLATFORM_NOT_FOUND_KHR")
    #expect(OpenCLStatus(rawValue: -12345).name == "OpenCL status -12345")
  }

  @Test("every code of OpenCL 1.2 is known")
  func completeness() {
    for code in Array(-19 ... -1) + Array(-68 ... -30) {
      #expect(OpenCLStatus(rawValue: Int32(code)).name.hasPrefix("CL_"))
    }
  }

  @Test("without an implementation the error says how to get one")
  func noPlatform() {
    #expect(OpenCLError.noPlatform.description.contains("apt-get install pocl-opencl-icd"))
    #expect(OpenCLError.noDevice(findings: []).description.contains("pocl-opencl-icd"))
  }

  @Test("a failed call names the call, the status and what it was for")
  func failedCall() {
    let error = OpenCLError.callFailed(
      call: "clFinish", status: OpenCLStatus(rawValue: -5), purpose: "waiting for the device")
    #expect(
      error.description == "clFinish failed while waiting for the device: "
        + "CL_OUT_OF_RESOURCES (-5): the device ran out of resources")
  }

  @Test("a shortage of memory shows its sizes in units for people")
  func shortage() {
    let shortage = OutOfMemory(
      requestedBytes: 3 << 30, purpose: "the edge weights", bytesInUse: 6 << 30,
      maximumAllocationBytes: 4 << 30, limitBytes: 8 << 30, device: "a card")
    #expect(
      OpenCLError.outOfMemory(shortage).description.hasPrefix(
        "out of device memory: 3.0 GiB for the edge weights; of 8.0 GiB on 'a card' "
          + "6.0 GiB are in use."))
  }
}
