import COpenCL
import Synchronization

/// One device with its in-order command queue, its buffer pool and its programs.
///
/// A context may be used from several threads at once, and a process may hold several contexts:
/// OpenCL's calls are thread-safe but for setting the arguments of one kernel, which happens
/// under that kernel's lock; the pool, the programs and the counters are under locks of their own;
/// and the queue runs commands in the order in which they came, so that memory handed from one
/// buffer to the next is never used by both.
public final class Context: Sendable {
  public let device: Device

  package let queue: CommandQueue
  let pool: BufferPool
  let programs: ProgramLibrary
  let kernels: KernelLibrary
  let programCache: ProgramCache?
  /// What earlier runs measured on this device, as it was when the context was opened.
  package let record: DeviceRecord
  let recordFile: DeviceRecordFile?
  /// Set once CLBlast has worked for this context.
  let clblast = Mutex<CLBlastUse?>(nil)
  let refusedFamilies: [KernelFamily: KernelVerdict]
  let warn: @Sendable (String) -> Void

  /// Opens a device.
  ///
  /// - Parameter profiling: Whether each command's time on the device is kept, for `profile`.
  public convenience init(device: Device, profiling: Bool = false) throws {
    var options = ContextOptions()
    options.profiling = profiling
    try self.init(device: device, options: options)
  }

  /// Opens a device with all that can be chosen.
  public init(device: Device, options: ContextOptions) throws {
    self.device = device
    queue = try CommandQueue(device: device, profiling: options.profiling)
    pool = BufferPool(queue: queue, options: options)
    let cache = options.programCacheFolder.map {
      ProgramCache(folder: $0, limitBytes: options.programCacheLimitBytes, warn: options.warn)
    }
    programCache = cache
    programs = ProgramLibrary(builder: ProgramBuilder(queue: queue), cache: cache)
    kernels = KernelLibrary(programs: programs, cache: cache)
    recordFile = options.recordFolder.map {
      DeviceRecordFile(folder: $0, device: device.description, warn: options.warn)
    }
    var record = recordFile?.read() ?? DeviceRecord()
    if let parameters = options.tunedParameters { record.parameters = parameters }
    self.record = record
    refusedFamilies = options.usesRefusedFamilies ? [:] : record.refused
    warn = options.warn
  }

  /// The context of the default device (`Device.select()`), made once in a process.
  ///
  /// - Throws: What stopped it from being made, each time anew.
  public static func shared() throws -> Context { try sharedResult.get() }

  private static let sharedResult = Result { try Context(device: try Device.select()) }

  // MARK: - Memory

  /// Memory from the pool, its content undefined; it returns there with the last reference.
  ///
  /// - Parameter purpose: What it is for, in words that the error may show: "the edge weights".
  /// - Throws: `OpenCLError.outOfMemory`.
  public func makeBuffer(byteCount: Int, for purpose: String) throws -> Buffer {
    try Buffer(byteCount: byteCount, for: purpose, from: pool)
  }

  /// Memory that holds `values`.
  public func makeBuffer<Element: BitwiseCopyable>(
    _ values: [Element], for purpose: String
  ) throws -> Buffer {
    let byteCount = values.count * MemoryLayout<Element>.stride
    let buffer = try makeBuffer(byteCount: byteCount, for: purpose)
    try buffer.write(values)
    return buffer
  }

  /// Enqueues a copy within the device. Offsets are in bytes; the two ranges may not overlap.
  public func copy(
    from source: Buffer, to destination: Buffer, byteCount: Int, sourceOffset: Int = 0,
    destinationOffset: Int = 0
  ) throws {
    let sourceRange = bytes(byteCount, from: sourceOffset, of: source)
    let destinationRange = bytes(byteCount, from: destinationOffset, of: destination)
    guard byteCount > 0 else { return }
    let status = try queue.submit("copy") { queue, event in
      clEnqueueCopyBuffer(
        queue, source.allocation.memory.pointer, destination.allocation.memory.pointer,
        sourceRange.lowerBound, destinationRange.lowerBound, byteCount, 0, nil, event)
    }
    try check(status.rawValue, "clEnqueueCopyBuffer", "copying \(ByteCount(byteCount))")
  }

  /// Enqueues the filling of a buffer, or of `byteCount` bytes of it, with one byte.
  public func fill(
    _ buffer: Buffer, with byte: UInt8, byteCount: Int? = nil, offset: Int = 0
  ) throws {
    let range = bytes(byteCount ?? buffer.byteCount - offset, from: offset, of: buffer)
    guard !range.isEmpty else { return }
    // Long patterns fill faster; a pattern's length must divide offset and length.
    let isWhole = range.lowerBound % 8 == 0 && range.count % 8 == 0
    var pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    let status = try queue.submit("fill") { queue, event in
      clEnqueueFillBuffer(
        queue, buffer.allocation.memory.pointer, &pattern, isWhole ? 8 : 1, range.lowerBound,
        range.count, 0, nil, event)
    }
    try check(status.rawValue, "clEnqueueFillBuffer", "filling \(ByteCount(range.count))")
  }

  private func bytes(_ count: Int, from offset: Int, of buffer: Buffer) -> Range<Int> {
    precondition(buffer.pool === pool, "a buffer of another context")
    precondition(
      count >= 0 && offset >= 0 && offset + count <= buffer.byteCount,
      "bytes \(offset)..<\(offset + count) of a buffer of \(buffer.byteCount)")
    return offset..<offset + count
  }

  // MARK: - Work

  /// A program for this device: from memory, else from the cache on disk, else built now.
  ///
  /// - Parameters:
  ///   - options: Options of `clBuildProgram`, such as `-DWIDTH=8`.
  ///   - name: What errors call it.
  /// - Throws: `OpenCLError.buildFailed`.
  public func program(
    _ source: String, options: [String] = [], name: String
  ) throws -> Program {
    try programs.program(source, options: options, name: name)
  }

  /// Kernels for this device, in the order of their definitions.
  ///
  /// Those that are found neither in memory nor on disk are built together, which takes a fraction
  /// of the time that a program for each would. So ask for all kernels of a plan in one call.
  ///
  /// - Throws: `OpenCLError.buildFailed`, with the log of the first kernel that does not build.
  public func kernels(
    _ definitions: [KernelDefinition], options: [String] = []
  ) throws -> [Kernel] {
    try kernels.kernels(definitions, options: options)
  }

  /// Enqueues a kernel; it runs after everything enqueued before. Returns at once.
  ///
  /// Its buffers may be dropped right away: their memory is not used otherwise before the kernel is
  /// done.
  ///
  /// - Parameters:
  ///   - global: The number of work-items along one to three axes; with a zero nothing happens.
  ///   - local: The work-group's size along the same axes, each a divisor of the global one; the
  ///     driver's choice where none is given.
  ///   - label: The name in `profile`; the kernel's where none is given.
  /// - Throws: `OpenCLError.invalidArguments`, `.invalidWorkSize`, `.outOfMemory`.
  public func enqueue(
    _ kernel: Kernel, _ arguments: [KernelArgument], global: [Int], local: [Int]? = nil,
    label: String? = nil
  ) throws {
    try validate(arguments, of: kernel)
    try validate(global, local, of: kernel)
    guard !global.contains(0) else { return }
    let label = label ?? kernel.name
    var status = try kernel.enqueue(
      arguments, global: global, local: local, on: queue, label: label)
    // Drivers that allocate on first use find only now that memory is short.
    if status.meansMemoryRanOut, pool.trim() > 0 {
      try queue.finish()
      status = try kernel.enqueue(
        arguments, global: global, local: local, on: queue, label: label)
    }
    if status == .memoryObjectAllocationFailure {
      let sizes = arguments.compactMap(\.byteCount)
      throw pool.shortage(of: sizes.reduce(0, +), for: "the buffers of kernel '\(kernel.name)'")
    }
    try check(
      status.rawValue, "clEnqueueNDRangeKernel",
      "enqueueing kernel '\(kernel.name)' with global size \(global)"
        + (local.map { ", local size \($0)" } ?? ""))
  }

  private func validate(_ arguments: [KernelArgument], of kernel: Kernel) throws {
    guard arguments.count == kernel.parameters.count else {
      throw OpenCLError.invalidArguments(
        kernel: kernel.name,
        problem: "given \(arguments.count) arguments, declared with \(kernel.parameters.count)")
    }
    for (index, (argument, parameter)) in zip(arguments, kernel.parameters).enumerated() {
      guard let parameter, !parameter.accepts(argument) else { continue }
      throw OpenCLError.invalidArguments(
        kernel: kernel.name,
        problem: "argument \(index) is declared as \(parameter.text), given as \(argument.text)")
    }
    var localBytes = 0
    for argument in arguments {
      switch argument {
      case .buffer(let buffer): precondition(buffer.pool === pool, "a buffer of another context")
      case .local(let byteCount): localBytes += byteCount
      default: break
      }
    }
    guard localBytes <= device.description.localMemoryBytes else {
      throw OpenCLError.invalidArguments(
        kernel: kernel.name,
        problem: "\(ByteCount(localBytes)) of local memory asked for; '\(device.description.name)' "
          + "has \(ByteCount(device.description.localMemoryBytes)) for a work-group")
    }
  }

  private func validate(_ global: [Int], _ local: [Int]?, of kernel: Kernel) throws {
    guard (1...3).contains(global.count), global.allSatisfy({ $0 >= 0 }) else {
      throw OpenCLError.invalidWorkSize(
        kernel: kernel.name, problem: "global size \(global); one to three numbers are expected")
    }
    guard let local else { return }
    let limit = kernel.maximumWorkGroupSize
    guard local.count == global.count, local.allSatisfy({ $0 > 0 }),
      zip(global, local).allSatisfy({ $0 % $1 == 0 }), local.reduce(1, *) <= limit
    else {
      throw OpenCLError.invalidWorkSize(
        kernel: kernel.name,
        problem: "local size \(local) does not divide the global size \(global), or holds more "
          + "than the \(limit) items that '\(device.description.name)' allows")
    }
  }

  /// Hands what was enqueued to the device, without waiting for it.
  public func flush() throws { try queue.flush() }

  /// Waits until everything that was enqueued is done.
  public func finish() throws { try queue.finish() }
}
