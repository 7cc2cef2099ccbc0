import KernelSources
import OpenCLRuntime
import TensorGraph

/// A search for neighbours within a cutoff on one device: its kernels, built once for many graphs.
///
/// Which pairs lie within the cutoff is decided in double precision where the device has it, else
/// in single.
public struct NeighbourSearch: Sendable {
  /// In ångström; edges are shorter than it.
  public let cutoff: Double
  /// The type of the vectors and lengths handed out.
  public let precision: ElementType
  /// Where graphs are computed, and where their tensors are.
  public let context: Context

  let profile: DeviceProfile
  private let program: Program

  /// - Parameters:
  ///   - cutoff: In ångström.
  ///   - precision: The type of vectors and lengths, `float32` or `float64`.
  ///   - context: By default the context of the default device.
  /// - Throws: `NeighboursError.invalidCutoff`, `.doublePrecisionUnavailable`; errors of the device
  ///   and of building kernels.
  /// - Precondition: `precision` is a floating-point type.
  public init(
    cutoff: Double, precision: ElementType = .float32, on context: Context? = nil
  ) throws {
    let context = try context ?? Context.shared()
    try self.init(
      cutoff: cutoff, precision: precision, on: context,
      profile: DeviceProfile(of: context))
  }

  /// With the form of the kernels that a device of another profile gets.
  package init(
    cutoff: Double, precision: ElementType, on context: Context, profile: DeviceProfile
  ) throws {
    precondition(precision.isFloatingPoint, "neighbour search: vectors of \(precision)")
    guard cutoff > 0, cutoff <= Self.largestCutoff else {
      throw NeighboursError.invalidCutoff(cutoff)
    }
    guard profile.supportsDouble || precision == .float32 else {
      throw NeighboursError.doublePrecisionUnavailable(device: context.device.description.name)
    }
    try context.requireAgreement(of: [.neighbours])
    self.cutoff = cutoff
    self.precision = precision
    self.context = context
    self.profile = profile
    program = try context.program(
      Self.source,
      options: [
        "-DSEARCHES_IN_DOUBLE=\(profile.supportsDouble ? 1 : 0)",
        "-DLANES=\(Self.lanes(for: profile))",
        "-DSHORT_ROW=\(profile.isCPU ? 512 : 64)",
        "-Dedge_real=\(precision.kernelName)",
      ], name: "neighbour search")
  }

  /// In ångström; its square and cube are still far from overflow.
  private static let largestCutoff = 1e9

  /// The type in which the device decides on edges.
  var searchType: ElementType { profile.supportsDouble ? .float64 : .float32 }

  /// Atoms that a work-item tests at once.
  var lanes: Int { Self.lanes(for: profile) }

  private static func lanes(for profile: DeviceProfile) -> Int { profile.isCPU ? 8 : 1 }

  /// The OpenCL C of its kernels.
  package static var kernelText: String { source }

  private static let source = [
    "typedef int index_t;", KernelSources.neighbourSearch, prefixSumKernels.source,
    KernelSources.cellList, KernelSources.binWalk, KernelSources.radiusGraph,
  ].joined(separator: "\n")

  /// Enqueues a kernel with one work-item for each of `items` and a few that find nothing to do.
  func enqueue(_ name: String, _ arguments: [KernelArgument], items: Int) throws {
    let group = profile.localSize
    try context.enqueue(
      try program.kernel(name), arguments, global: [(items + group - 1) / group * group],
      local: [group])
  }

  /// Memory for `count` elements of a type.
  func buffer(_ count: Int, of byteCount: Int, for purpose: String) throws -> Buffer {
    try context.makeBuffer(byteCount: max(1, count) * byteCount, for: purpose)
  }

  /// A floating-point argument in the precision of the search.
  func real(_ value: Double) -> KernelArgument {
    searchType == .float64 ? .double(value) : .float(Float(value))
  }

  /// Numbers in the precision of the search.
  func reals(_ values: [Double], for purpose: String) throws -> Buffer {
    searchType == .float64
      ? try context.makeBuffer(values, for: purpose)
      : try context.makeBuffer(values.map(Float.init), for: purpose)
  }
}
