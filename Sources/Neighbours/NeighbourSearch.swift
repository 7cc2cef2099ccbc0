import KernelSources
import OpenCLRuntime
import TensorGraph

/// The kernels of the neighbour search, built for a device and a precision.
struct NeighbourSearch {
  let context: Context
  let profile: DeviceProfile
  /// The type of the vectors and lengths handed out.
  let edgeType: ElementType
  private let program: Program

  init(precision: ElementType, on context: Context) throws {
    precondition(
      precision.isFloatingPoint, "radius graph: vectors of \(precision) do not exist")
    let device = context.device.description
    guard device.supportsDouble || precision == .float32 else {
      throw NeighboursError.doublePrecisionUnavailable(device: device.name)
    }
    self.context = context
    edgeType = precision
    profile = DeviceProfile(of: device)
    program = try context.program(
      Self.source(for: profile, edgeType: precision), name: "neighbour search")
  }

  /// The type in which the device computes distances.
  var searchType: ElementType { profile.supportsDouble ? .float64 : .float32 }

  /// Atoms that a work-item tests at once.
  static func lanes(for profile: DeviceProfile) -> Int {
    profile.isCPU ? (profile.supportsDouble ? 4 : 8) : 1
  }

  var lanes: Int { Self.lanes(for: profile) }

  /// Places a row of scratch has beyond its edges, for vectors that reach over its end.
  var sparePlaces: Int { profile.isCPU ? 8 : 1 }

  private static func source(for profile: DeviceProfile, edgeType: ElementType) -> String {
    [
      "#define SEARCHES_IN_DOUBLE \(profile.supportsDouble ? 1 : 0)",
      "#define LANES \(lanes(for: profile))",
      "#define KEY_LANES \(profile.isCPU ? 8 : 1)",
      "#define edge_real \(edgeType.kernelName)",
      KernelSources.neighbourSearch, KernelSources.prefixSum, KernelSources.cellList,
      KernelSources.radiusGraph,
    ].joined(separator: "\n")
  }

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
    profile.supportsDouble ? .double(value) : .float(Float(value))
  }

  /// Numbers in the precision of the search.
  func reals(_ values: [Double], for purpose: String) throws -> Buffer {
    profile.supportsDouble
      ? try context.makeBuffer(values, for: purpose)
      : try context.makeBuffer(values.map(Float.init), for: purpose)
  }
}
