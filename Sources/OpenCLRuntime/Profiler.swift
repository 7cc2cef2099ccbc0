import COpenCL
import Synchronization

/// How long one kernel took on the device. Times are in seconds.
public struct KernelProfile: Sendable, Equatable {
  public let name: String
  public let count: Int
  public let totalSeconds: Double
  public let minimumSeconds: Double
  public let medianSeconds: Double
}

/// Keeps the event of each command and reads its times when the command is done.
final class Profiler: Sendable {
  private struct State {
    var pending: [(label: String, event: OwnedHandle, begin: OwnedHandle?)] = []
    var nanoseconds: [String: [UInt64]] = [:]
  }

  /// Events hold driver memory, so that a long run must read them now and then.
  private static let pendingLimit = 4096

  private let state = Mutex(State())

  /// Keeps an event; `finish` waits for the device when there are many.
  ///
  /// - Parameter begin: The event at whose end the work begins; its own begin where none is given.
  func record(
    _ event: OwnedHandle, since begin: OwnedHandle? = nil, label: String, finish: () throws -> Void
  ) throws {
    let count = state.withLock { state in
      state.pending.append((label, event, begin))
      return state.pending.count
    }
    if count >= Self.pendingLimit {
      try finish()
      try collect()
    }
  }

  /// Reads the times of all commands kept; they must be done.
  func collect() throws {
    let pending = state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
    for (label, event, begin) in pending {
      let start =
        try begin.map { try time(CL_PROFILING_COMMAND_END, of: $0) }
        ?? time(CL_PROFILING_COMMAND_START, of: event)
      let end = try time(CL_PROFILING_COMMAND_END, of: event)
      state.withLock { $0.nanoseconds[label, default: []].append(end >= start ? end - start : 0) }
    }
  }

  /// What each kernel took, the longest in total first.
  var profiles: [KernelProfile] {
    let nanoseconds = state.withLock { $0.nanoseconds }
    return nanoseconds.map { name, times in
      let sorted = times.sorted()
      return KernelProfile(
        name: name, count: sorted.count,
        totalSeconds: Double(sorted.reduce(0, +)) * 1e-9,
        minimumSeconds: Double(sorted[0]) * 1e-9,
        medianSeconds: Double(sorted[sorted.count / 2]) * 1e-9)
    }.sorted { ($0.totalSeconds, $1.name) > ($1.totalSeconds, $0.name) }
  }

  func reset() {
    state.withLock { $0.nanoseconds = [:] }
  }

  private func time(_ moment: Int32, of event: OwnedHandle) throws -> UInt64 {
    var nanoseconds: cl_ulong = 0
    try check(
      clGetEventProfilingInfo(
        event.pointer, cl_profiling_info(moment), MemoryLayout<cl_ulong>.size, &nanoseconds, nil),
      "clGetEventProfilingInfo", "reading how long a kernel took")
    return nanoseconds
  }
}
