import COpenCL

/// An OpenCL context of one device with its one in-order command queue.
///
/// Work runs in the order in which it was enqueued, from whichever thread. That is what makes
/// it safe to hand the memory of a dropped buffer out again at once: whatever still uses it was
/// enqueued earlier, and so ends before any later command on the same memory begins.
package final class CommandQueue: Sendable {
  let device: Device
  let context: OwnedHandle
  let profiler: Profiler?
  package let liveObjects: LiveObjectCounter
  private let queue: OwnedHandle

  var pointer: cl_command_queue { queue.pointer }

  init(device: Device, profiling: Bool) throws {
    self.device = device
    liveObjects = LiveObjectCounter()
    profiler = profiling ? Profiler() : nil

    let name = device.description.name
    var status: Int32 = 0
    var properties: [cl_context_properties] = [
      cl_context_properties(CL_CONTEXT_PLATFORM), Int(bitPattern: device.platform.pointer), 0,
    ]
    var id: cl_device_id? = device.id.pointer
    let context = clCreateContext(&properties, 1, &id, nil, nil, &status)
    try check(status, "clCreateContext", "opening device '\(name)'")
    self.context = try Self.owned(context, .context, liveObjects, "clCreateContext")

    let flags = profiling ? cl_command_queue_properties(CL_QUEUE_PROFILING_ENABLE) : 0
    let queue = clCreateCommandQueue(self.context.pointer, device.id.pointer, flags, &status)
    try check(status, "clCreateCommandQueue", "making the command queue of device '\(name)'")
    self.queue = try Self.owned(queue, .queue, liveObjects, "clCreateCommandQueue")
  }

  private static func owned(
    _ pointer: OpaquePointer?, _ kind: OwnedHandle.Kind, _ counter: LiveObjectCounter,
    _ call: String
  ) throws -> OwnedHandle {
    guard let pointer else {
      throw OpenCLError.callFailed(
        call: call, status: .outOfResources, purpose: "making an object, of which none came back")
    }
    return OwnedHandle(pointer, kind, countedBy: counter)
  }

  /// Takes over an object that an OpenCL call has made in this context.
  func own(_ pointer: OpaquePointer?, _ kind: OwnedHandle.Kind, madeBy call: String) throws
    -> OwnedHandle
  {
    try Self.owned(pointer, kind, liveObjects, call)
  }

  // MARK: - Commands

  /// Enqueues one command, and keeps its event where commands are timed.
  ///
  /// `body` receives the queue and where to put the event, and returns the call's status.
  func submit(
    _ label: String, _ body: (cl_command_queue, UnsafeMutablePointer<cl_event?>?) throws -> Int32
  ) throws -> OpenCLStatus {
    guard let profiler else { return OpenCLStatus(rawValue: try body(queue.pointer, nil)) }
    var event: cl_event?
    let status = OpenCLStatus(rawValue: try body(queue.pointer, &event))
    if status == .success, let event {
      try profiler.record(
        OwnedHandle(event, .event, countedBy: liveObjects), label: label, finish: finish)
    }
    return status
  }

  /// Enqueues commands of which only the last one's event is known, as those of a library; where
  /// commands are timed, from when all before them are done.
  func submitSeveral(
    _ label: String, _ body: (cl_command_queue, UnsafeMutablePointer<cl_event?>?) -> Int32
  ) throws -> OpenCLStatus {
    guard let profiler else { return OpenCLStatus(rawValue: body(queue.pointer, nil)) }
    var marker: cl_event?
    try check(
      clEnqueueMarkerWithWaitList(queue.pointer, 0, nil, &marker), "clEnqueueMarkerWithWaitList",
      "timing '\(label)'")
    let begin = marker.map { OwnedHandle($0, .event, countedBy: liveObjects) }
    var event: cl_event?
    let status = OpenCLStatus(rawValue: body(queue.pointer, &event))
    if status == .success, let event {
      try profiler.record(
        OwnedHandle(event, .event, countedBy: liveObjects), since: begin, label: label,
        finish: finish)
    }
    return status
  }

  /// Hands what was enqueued to the device, without waiting for it.
  func flush() throws {
    try check(clFlush(queue.pointer), "clFlush", "handing work to the device")
  }

  /// Waits until everything that was enqueued is done.
  func finish() throws {
    try check(clFinish(queue.pointer), "clFinish", "waiting for the device")
  }

  // MARK: - What the driver itself counts

  /// How many references to the context the driver counts; each buffer, program and queue holds
  /// one or more in the implementations that are known.
  package func contextReferenceCount() throws -> Int {
    var count: cl_uint = 0
    try check(
      clGetContextInfo(
        context.pointer, cl_context_info(CL_CONTEXT_REFERENCE_COUNT),
        MemoryLayout<cl_uint>.size, &count, nil),
      "clGetContextInfo", "counting references")
    return Int(count)
  }
}
