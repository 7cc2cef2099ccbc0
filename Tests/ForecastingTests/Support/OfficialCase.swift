import Equivariance
import FileFormats
import Forecasting
import Foundation
import Neighbours
import Potentials
import TensorGraph
import TestSupport

/// A forecaster of the official code with its weights, and structures for it.
struct OfficialCase {
  let model: ForecastModel
  let weights: [Double]
  let elementType: ElementType

  static let masses = [11: 22.98976928, 17: 35.45, 6: 12.011, 1: 1.008]

  /// - Parameters:
  ///   - configuration: a file of `Fixtures`.
  ///   - weights: a file of `Fixtures`.
  init(
    configuration: String, weights: String, species: [Int], elementType: ElementType
  ) throws {
    let file = try fixture(weights, in: .module)
    var description = try ForecastDescription(
      configuration: try fixturePath(configuration, in: .module), species: species,
      style: ForecastDescription.style(ofWeightsIn: file))
    try description.adoptBuffers(of: file)
    model = try ForecastModel(description)
    self.weights = try model.layout.values(in: file)
    self.elementType = elementType
  }

  static func small(_ name: String, _ elementType: ElementType) throws -> OfficialCase {
    try OfficialCase(
      configuration: "small/\(name).json", weights: "small/\(name).safetensors",
      species: [11, 17], elementType: elementType)
  }

  static func benzene(_ elementType: ElementType) throws -> OfficialCase {
    try OfficialCase(
      configuration: "benzene/architecture.json", weights: "benzene/model.safetensors",
      species: [1, 6], elementType: elementType)
  }

  static func frames(_ name: String) throws -> [ExtendedXYZFrame] {
    try ExtendedXYZReader.frames(contentsOf: try fixturePath(name, in: .module))
  }

  /// The parameters as constants.
  var parameters: Parameters {
    Parameters(model.layout, of: Tensor(weights, as: elementType))
  }

  /// A frame as a graph whose edge vectors depend on `positions`, and those positions.
  func graph(of frame: ExtendedXYZFrame) throws -> MotionGraph {
    let structure = try AtomicStructure(frame)
    let edges = try radiusGraph(
      of: structure.positions, in: structure.cell, cutoff: model.cutoff, precision: elementType)
    func tensor(_ vectors: [SIMD3<Double>]) -> Tensor {
      Tensor(
        vectors.flatMap { [$0.x, $0.y, $0.z] }, shape: [Dimension(vectors.count), 3],
        as: elementType)
    }
    let positions = tensor(structure.positions)
    let offsets =
      edges.vectors
      - (positions.gather(at: edges.bySender) - positions.gather(at: edges.byReceiver))
    let shifts = Tensor(
      try offsets.doubles(), shape: [Dimension(edges.edgeCount), 3], as: elementType)
    return MotionGraph(
      positions: positions, velocities: tensor(frame.properties["velocities"]?.vectors ?? []),
      masses: Tensor(structure.atomicNumbers.map { Self.masses[$0] ?? 0 }, as: elementType),
      bySpecies: bySpecies(structure.atomicNumbers),
      vectors: positions.gather(at: edges.bySender) - positions.gather(at: edges.byReceiver)
        + shifts,
      byReceiver: edges.byReceiver, bySender: edges.bySender, byStructure: edges.byStructure)
  }

  private func bySpecies(_ atomicNumbers: [Int]) -> SegmentIndex {
    let species = atomicNumbers.map { model.speciesIndex(of: $0) ?? 0 }
    let order = species.indices.sorted { (species[$0], $0) < (species[$1], $1) }
    var offsets: [Int32] = [0]
    for index in model.species.indices {
      offsets.append(offsets[index] + Int32(species.count { $0 == index }))
    }
    return SegmentIndex(
      indices: Tensor(species.map(Int32.init)), order: Tensor(order.map(Int32.init)),
      offsets: Tensor(offsets))
  }
}
