import OpenCLRuntime

/// What a plan does, for people who want to see it: `clebsch explain`.
public struct PlanReport: Sendable, CustomStringConvertible {
  /// One kernel launch.
  public struct Kernel: Sendable {
    public var name: String
    public var reads: [String]
    public var writes: [String]
    /// Bytes of the buffers read and written, each counted once.
    public var byteCount: Int
    /// Floating-point operations, or 0 where the generator does not count them.
    public var operationCount: Int
    /// 0 for a library's call, whose kernels are its own.
    public var workItems: Int
    /// Where the kernel, or what was fused into it, comes from.
    public var families: Set<KernelFamily>
    /// The OpenCL C of the kernel, with comments; empty for a library's call.
    public var source: String
    /// The median time of a launch, in seconds, where it was measured.
    public var seconds: Double?
  }

  public var kernels: [Kernel]
  /// Bytes of buffers that are the same at each run: parameters.
  public var constantBytes: Int
  /// Bytes of temporaries, after sharing.
  public var temporaryBytes: Int
  /// Bytes that temporaries would take without sharing.
  public var unsharedTemporaryBytes: Int
  public var argumentBytes: Int
  public var outputBytes: Int

  init(of plan: Plan, in sizes: [SizeSymbol: Int]) {
    kernels = plan.steps.map { step in
      Kernel(
        name: step.name,
        reads: step.reads.map { plan.storages[$0].label },
        writes: step.writes.map { plan.storages[$0].label },
        byteCount: Set(step.reads + step.writes)
          .reduce(0) { $0 + plan.storages[$1].byteCount(in: sizes) },
        operationCount: step.operationCount.value(in: sizes),
        workItems: step.library == nil
          ? step.globalSize.reduce(1) { $0 * $1.value(in: sizes) } : 0,
        families: step.families, source: step.source)
    }
    var bytes = (constant: 0, temporary: 0, argument: 0, output: 0)
    for storage in plan.storages {
      let count = storage.byteCount(in: sizes)
      switch storage.role {
      case .argument: bytes.argument += count
      case .constant: bytes.constant += count
      case .temporary: bytes.temporary += count
      case .output: bytes.output += count
      }
    }
    constantBytes = bytes.constant
    unsharedTemporaryBytes = bytes.temporary
    temporaryBytes = MemoryPlan(of: plan, in: sizes).byteCount
    argumentBytes = bytes.argument
    outputBytes = bytes.output
  }

  public var description: String {
    let isMeasured = kernels.contains { $0.seconds != nil }
    var lines = [
      "kernel  work-items       MB    MFLOP"
        + (isMeasured ? "       µs     GB/s  GFLOP/s" : "") + "  name"
    ]
    for (index, kernel) in kernels.enumerated() {
      let cells =
        [
          "\(index)".leftPadded(to: 6),
          (kernel.workItems == 0 ? "" : "\(kernel.workItems)").leftPadded(to: 11),
          Self.millions(kernel.byteCount).leftPadded(to: 8),
          (kernel.operationCount == 0 ? "" : Self.millions(kernel.operationCount)).leftPadded(
            to: 8),
        ] + (isMeasured ? Self.rates(of: kernel) : [])
      lines.append(cells.joined(separator: " ") + "  " + kernel.name)
    }
    lines.append(
      "\(kernels.count) kernels; parameters \(Self.millions(constantBytes)) MB, "
        + "arguments \(Self.millions(argumentBytes)) MB, results \(Self.millions(outputBytes)) MB, "
        + "temporaries \(Self.millions(temporaryBytes)) MB "
        + "(\(Self.millions(unsharedTemporaryBytes)) MB before sharing)")
    if isMeasured {
      let total = kernels.reduce(0) { $0 + ($1.seconds ?? 0) }
      lines.append("all kernels together: \(Self.millions(Int(total * 1e9))) ms")
    }
    return lines.joined(separator: "\n")
  }

  /// Microseconds, GB/s and GFLOP/s.
  private static func rates(of kernel: Kernel) -> [String] {
    guard let seconds = kernel.seconds, seconds > 0 else {
      return ["", "", ""].map { $0.leftPadded(to: 8) }
    }
    let rates = [Double(kernel.byteCount), Double(kernel.operationCount)].map { $0 / seconds / 1e9 }
    return ([seconds * 1e6] + rates).map { value in
      value == 0 ? "".leftPadded(to: 8) : millions(Int(value * 1e6)).leftPadded(to: 8)
    }
  }

  private static func millions(_ count: Int) -> String {
    let hundredths = (count + 5000) / 10000
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}

extension Plan.Storage {
  fileprivate var label: String { "\(name) \(description.shape)" }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
