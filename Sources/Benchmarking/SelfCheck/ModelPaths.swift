import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph

/// Which kernels a model's step is made of on a device, and why these.
public struct ModelPaths: Sendable {
  /// The kernels of one family.
  public struct Share: Sendable {
    public let family: KernelFamily
    public let kernelCount: Int
    /// The part of the step's counted operations.
    public let operationFraction: Double
    /// Kernels by name, in the order in which they first run, with how often they do.
    public let kernels: [(name: String, count: Int)]
  }

  public let kernelCount: Int
  public let shares: [Share]
  /// Why kernels have the form that they have.
  public let reason: String

  /// Plans a step for 64 atoms, in silicon's crystal, of the first element that the model knows.
  ///
  /// - Throws: what planning throws, such as a refused kernel family.
  public init(of potential: Potential, on context: Context) throws {
    let crystal = SiliconCrystal((2, 2, 2), rattle: 0)
    let structure = AtomicStructure(
      atomicNumbers: Array(
        repeating: potential.atomicNumbers.first ?? 1, count: crystal.atomCount),
      positions: crystal.sites, cell: try crystal.cell())
    let plan = try potential.explain([structure])
    kernelCount = plan.kernels.count
    let total = plan.kernels.reduce(0) { $0 + $1.operationCount }
    shares = KernelFamily.allCases.compactMap { family in
      // A fused kernel counts for the most particular of what it holds.
      let kernels = plan.kernels.filter { kernel in
        KernelFamily.allCases.last { kernel.families.contains($0) } == family
      }
      guard !kernels.isEmpty else { return nil }
      var names: [(name: String, count: Int)] = []
      for kernel in kernels {
        if let place = names.firstIndex(where: { $0.name == kernel.name }) {
          names[place].count += 1
        } else {
          names.append((kernel.name, 1))
        }
      }
      let operations = kernels.reduce(0) { $0 + $1.operationCount }
      return Share(
        family: family, kernelCount: kernels.count,
        operationFraction: Double(operations) / Double(max(1, total)), kernels: names)
    }
    // Only contractions that read tables have a gradient by the position in them.
    let readsTables = plan.kernels.contains { $0.name.hasSuffix("position") }
    reason =
      Self.reason(for: DeviceProfile(of: context))
      + (readsTables ? "; radial networks are read off tables" : "; radial networks are evaluated")
  }

  private static func reason(for profile: DeviceProfile) -> String {
    let form =
      profile.isCPU
      ? "a CPU: explicit vectors of \(profile.floatVectorWidth) floats, no local memory, no barriers"
      : "lanes are work-items: groups of \(profile.localSize), matrix tiles in local memory"
    guard !profile.tuning.isEmpty else { return form + "; nothing tuned, shipped parameters" }
    let tuned = profile.tuning.map { "\($0.key.rawValue) = \($0.value)" }.sorted()
    return form + "; tuned here: " + tuned.joined(separator: ", ")
  }
}
