import FileFormats
import Potentials

/// A structure with what is known of it: some of energy, forces and stress.
public struct LabelledStructure: Sendable, Hashable {
  public var structure: AtomicStructure
  /// eV.
  public var energy: Double?
  /// eV/Å, an atom.
  public var forces: [SIMD3<Double>]?
  /// eV/Å³: xx, yy, zz, yz, xz, xy, positive under tension.
  public var stress: [Double]?

  public init(
    structure: AtomicStructure, energy: Double? = nil, forces: [SIMD3<Double>]? = nil,
    stress: [Double]? = nil
  ) {
    self.structure = structure
    self.energy = energy
    self.forces = forces
    self.stress = stress
  }
}

/// Labelled structures of an extended XYZ file, read when they are asked for.
///
/// Understood are ASE's `energy`, `forces`, `stress` and the names with `REF_` before them.
public struct LabelledStructureFile: SampleSource {
  private let index: ExtendedXYZIndex
  private let frames: Range<Int>

  /// - Throws: `FileFormatError`.
  public init(path: String) throws {
    index = try ExtendedXYZIndex(path: path)
    frames = 0..<index.count
  }

  private init(_ file: LabelledStructureFile, _ frames: Range<Int>) {
    index = file.index
    self.frames = frames
  }

  /// The frames but those of the last part of the file, and those.
  func split(
    validationFraction: Double
  ) -> (training: LabelledStructureFile, validation: LabelledStructureFile) {
    let last = Int((Double(frames.count) * validationFraction).rounded())
    let cut = frames.upperBound - min(max(last, 1), frames.count - 1)
    return (
      LabelledStructureFile(self, frames.lowerBound..<cut),
      LabelledStructureFile(self, cut..<frames.upperBound)
    )
  }

  public var count: Int { frames.count }

  public func name(at index: Int) -> String {
    "\(self.index.path) frame \(frames.lowerBound + index)"
  }

  public func sample(at place: Int) throws -> LabelledStructure {
    let frame = try index.frame(at: frames.lowerBound + place)
    func problem(_ found: String, _ expected: String) -> TrainingError {
      .sample(name(at: place), found: found, expected: expected)
    }
    let structure: AtomicStructure
    do { structure = try AtomicStructure(frame) } catch {
      throw problem("\(error)", "a structure")
    }
    let energy = (frame.info["REF_energy"] ?? frame.info["energy"])?.realValue
    let forces = (frame.properties["REF_forces"] ?? frame.properties["forces"])?.vectors
    let stress = try (frame.info["REF_stress"] ?? frame.info["stress"]).map { value in
      guard let voigt = value.voigt else {
        throw problem("a stress that is no symmetric matrix", "nine or six numbers in eV/Å³")
      }
      return voigt
    }
    guard energy != nil || forces != nil || stress != nil else {
      throw problem("no energy, forces or stress", "'energy', 'forces' or 'stress' as ASE has them")
    }
    let numbers =
      [energy].compactMap(\.self) + (forces ?? []).flatMap { [$0.x, $0.y, $0.z] } + (stress ?? [])
    guard numbers.allSatisfy(\.isFinite) else {
      throw problem("an energy, force or stress that is not finite", "numbers")
    }
    return LabelledStructure(
      structure: structure, energy: energy, forces: forces, stress: stress)
  }
}

extension ExtendedXYZValue {
  /// The six components of a symmetric matrix, given as matrix, nine or six numbers.
  fileprivate var voigt: [Double]? {
    let rows: [Double]?
    if case .matrix(let matrix) = self {
      rows = matrix.flatMap { [$0.x, $0.y, $0.z] }
    } else {
      rows = realValues
    }
    guard let rows else { return nil }
    if rows.count == 6 { return rows }
    guard rows.count == 9 else { return nil }
    return [0, 4, 8, 5, 2, 1].map { rows[$0] }
  }
}
