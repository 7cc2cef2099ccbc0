import FileFormats
import Foundation
import MolecularDynamics
import Neighbours
import Potentials
import TestSupport

/// The recorded trajectories of argon, and the potential that they were computed with.
struct Argon {
  let file: SafetensorsFile

  init() throws { file = try fixture("argon.safetensors", in: .module) }

  static func potential(_ precision: Precision = .double) throws -> Potential {
    try .lennardJones(precision: precision)
  }

  func vectors(_ name: String) throws -> [SIMD3<Double>] {
    Self.vectors(try file.doubles(name))
  }

  static func vectors(_ values: [Double]) -> [SIMD3<Double>] {
    stride(from: 0, to: values.count, by: 3).map {
      SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
    }
  }

  /// The start of a case; its cell where it has one.
  func structure(_ name: String, cell cellName: String? = "cell") throws -> AtomicStructure {
    let positions = try vectors("\(name)/positions0")
    let cell = try cellName.map {
      let vectors = try self.vectors("\(name)/\($0)")
      return try Cell(vectors[0], vectors[1], vectors[2])
    }
    return AtomicStructure(
      atomicNumbers: [Int](repeating: 18, count: positions.count), positions: positions, cell: cell)
  }

  func simulation(
    _ name: String, cell: String? = "cell", _ settings: DynamicsSettings,
    noise: any NoiseSource = SeededNoise(seed: 0)
  ) throws -> Simulation {
    try Simulation(
      of: structure(name, cell: cell), with: Self.potential(), settings,
      velocities: .given(vectors("\(name)/velocities0")), noise: noise)
  }
}

func flat(_ vectors: [SIMD3<Double>]) -> [Double] { vectors.flatMap { [$0.x, $0.y, $0.z] } }

/// Random numbers that were written down: three an atom, or one and a χ² number, each step.
struct RecordedNoise: NoiseSource {
  var vectors: [[SIMD3<Double>]] = []
  var chiSquares: [Double] = []

  func normals(step: Int, _ purpose: NoisePurpose, index: Int) -> SIMD3<Double> {
    vectors[step - 1][index]
  }

  func chiSquare(degreesOfFreedom: Int, step: Int, _ purpose: NoisePurpose) -> Double {
    chiSquares[step - 1]
  }
}
