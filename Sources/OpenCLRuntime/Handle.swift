import COpenCL
import Synchronization

/// A bare reference to an OpenCL object.
///
/// `@unchecked Sendable`: the pointer never changes and is never dereferenced here, and every
/// OpenCL call is thread-safe but `clSetKernelArg` on one kernel (OpenCL 1.2, appendix A.2), which
/// `Kernel` makes under its lock.
struct Handle: @unchecked Sendable, Hashable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }
}

/// How many OpenCL objects of each kind are alive.
public struct LiveObjects: Sendable, Equatable {
  public internal(set) var contexts = 0
  public internal(set) var queues = 0
  public internal(set) var buffers = 0
  public internal(set) var programs = 0
  public internal(set) var kernels = 0
  public internal(set) var events = 0

  package init() {}

  /// All of them together.
  public var total: Int { contexts + queues + buffers + programs + kernels + events }
}

/// Counts the OpenCL objects of one `Context`; it outlives them, so that a test sees the zero.
package final class LiveObjectCounter: Sendable {
  private let state = Mutex(LiveObjects())

  package var counts: LiveObjects { state.withLock { $0 } }

  func add(_ change: Int, to kind: OwnedHandle.Kind) {
    state.withLock { $0[keyPath: kind.count] += change }
  }
}

/// One reference to an OpenCL object, given back when the last Swift reference goes.
final class OwnedHandle: Sendable {
  enum Kind: Sendable {
    case context, queue, buffer, program, kernel, event

    fileprivate var count: WritableKeyPath<LiveObjects, Int> {
      switch self {
      case .context: \.contexts
      case .queue: \.queues
      case .buffer: \.buffers
      case .program: \.programs
      case .kernel: \.kernels
      case .event: \.events
      }
    }
  }

  private let handle: Handle
  private let kind: Kind
  private let counter: LiveObjectCounter

  var pointer: OpaquePointer { handle.pointer }

  /// Takes over the reference that a `clCreate…` or `clEnqueue…` call returned.
  init(_ pointer: OpaquePointer, _ kind: Kind, countedBy counter: LiveObjectCounter) {
    handle = Handle(pointer)
    self.kind = kind
    self.counter = counter
    counter.add(1, to: kind)
  }

  deinit {
    // A release can only fail for an object that is not valid, which an owned one always is.
    switch kind {
    case .context: _ = clReleaseContext(pointer)
    case .queue: _ = clReleaseCommandQueue(pointer)
    case .buffer: _ = clReleaseMemObject(pointer)
    case .program: _ = clReleaseProgram(pointer)
    case .kernel: _ = clReleaseKernel(pointer)
    case .event: _ = clReleaseEvent(pointer)
    }
    counter.add(-1, to: kind)
  }
}
