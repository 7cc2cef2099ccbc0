import Equivariance
import FileFormats
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph

/// A TrajCast forecaster on a device: from positions and velocities to those one forecast step of
/// several femtoseconds later, without forces (Thiemann et al., arXiv 2503.23794).
///
/// The model is compiled once; structures of any size then only bind buffers and enqueue kernels.
/// The same state gives the same bits.
///
///     let forecaster = try Forecaster(contentsOf: "methane.safetensors")
///     let forecast = try forecaster.forecast(structure, velocities: velocities)
public final class Forecaster: Sendable {
  /// Atoms farther apart than this, in Å, do not see each other.
  public var cutoff: Double { model.cutoff }

  /// The elements the model knows, by atomic number, in its own order.
  public var atomicNumbers: [Int] { model.species }

  /// The forecast step in fs; nil where the model's file does not say.
  public var timestep: Double? { model.timestep }

  /// The units in which the model counts.
  public var scales: ForecastScales { model.scales }

  /// Whether every forecast keeps the total momentum, and the angular momentum.
  public var conservesLinearMomentum: Bool { model.conservesLinearMomentum }
  public var conservesAngularMomentum: Bool { model.conservesAngularMomentum }

  /// The number of trained numbers.
  public var parameterCount: Int { model.layout.count }

  let model: ForecastModel
  let context: Context
  private let elementType: ElementType
  private let radial: RadialEvaluation
  private let values: [Double]
  private let step: CompiledFunction
  private let search: NeighbourSearch

  /// Where the atoms go and how fast they are then.
  public struct Forecast: Sendable, Hashable {
    /// Å.
    public var displacements: [SIMD3<Double>]
    /// Å/fs.
    public var velocities: [SIMD3<Double>]
    /// The edges that the model saw.
    public var edgeCount: Int
  }

  /// Reads a model file of Clebsch's own and compiles it for a device.
  ///
  /// - Parameter radial: whether edge networks are evaluated or tabulated. A table is computed in
  ///   double precision; on devices without it networks are evaluated.
  /// - Throws: `FileFormatError`, `PotentialError`, `ForecastingError` for a file that is none;
  ///   errors of the device.
  public convenience init(
    contentsOf path: String, precision: Precision = .single, radial: RadialEvaluation = .automatic,
    on context: Context? = nil
  ) throws {
    try self.init(
      ModelFile(contentsOf: path), precision: precision, radial: radial, on: context)
  }

  /// Compiles the forecaster of a model file of Clebsch's own for a device.
  ///
  /// - Throws: as for a path.
  package convenience init(
    _ file: ModelFile, precision: Precision, radial: RadialEvaluation, on context: Context?
  ) throws {
    let (model, values) = try ForecastModel.load(file)
    try self.init(
      model, values, elementType: precision.elementType, radial: radial, on: context)
  }

  /// Reads a configuration (JSON, YAML) and weights (safetensors) of the official code.
  ///
  /// - Parameter species: atomic numbers in the model's order, which those files do not hold.
  /// - Throws: as for a model file.
  public convenience init(
    configuration path: String, weights: String, species: [Int], precision: Precision = .single,
    radial: RadialEvaluation = .automatic, on context: Context? = nil
  ) throws {
    let file = try SafetensorsFile(contentsOf: weights)
    var description = try ForecastDescription(
      configuration: path, species: species,
      style: ForecastDescription.style(ofWeightsIn: file))
    try description.adoptBuffers(of: file)
    let model = try ForecastModel(description)
    try self.init(
      model, try model.layout.values(in: file), elementType: precision.elementType,
      radial: radial, on: context)
  }

  /// Compiles a model with these parameters.
  package init(
    _ model: ForecastModel, _ values: [Double], elementType: ElementType,
    radial: RadialEvaluation = .automatic, averageNeighbourCount: Double? = nil,
    on context: Context? = nil
  ) throws {
    let context = try context ?? Context.shared()
    self.radial = radial
    self.model = model
    self.elementType = elementType
    self.values = values
    self.context = context
    search = try NeighbourSearch(cutoff: model.cutoff, precision: elementType, on: context)
    let parameters = Parameters(model.layout, of: Tensor(values, as: elementType))
    let network =
      radial.tabulates(elementType, on: context)
      ? try model.tabulated(values, as: elementType, on: context) : model
    step = try CompiledFunction(
      of: MotionGraph.description(elementType, speciesCount: model.species.count), on: context
    ) { arguments in
      var graph = MotionGraph(arguments)
      graph.averageNeighbourCount = averageNeighbourCount
      return [network(graph, parameters: parameters)]
    }
  }

  /// The forecaster with its average number of neighbours fixed to that of a structure.
  ///
  /// Some `Flexible` models do not say by what sums over neighbours are divided; the official code
  /// takes the average of the first structure that it meets, and keeps it. A run should do so with
  /// the structure that it starts from. Other models are returned as they are.
  ///
  /// - Throws: errors of the neighbour search and of the device.
  public func fixingNeighbourCount(of structure: AtomicStructure) throws -> Forecaster {
    guard model.network.leavesNeighbourCountOpen else { return self }
    let edges = try search.radiusGraph(of: structure.positions, in: structure.cell).edgeCount
    return try Forecaster(
      model, values, elementType: elementType, radial: radial,
      averageNeighbourCount: max(Double(edges) / Double(structure.count), 1), on: context)
  }

  /// The state one forecast step later.
  ///
  /// - Parameters:
  ///   - velocities: Å/fs, an atom.
  ///   - masses: u, an atom; by default those of the elements.
  /// - Throws: `ForecastingError.unknownElement`; errors of the neighbour search and of the device.
  /// - Precondition: there are as many velocities, and masses, as atoms.
  public func forecast(
    _ structure: AtomicStructure, velocities: [SIMD3<Double>], masses: [Double]? = nil
  ) throws -> Forecast {
    precondition(
      velocities.count == structure.count && (masses?.count ?? structure.count) == structure.count,
      "forecast: \(velocities.count) velocities for \(structure.count) atoms")
    let (arguments, edgeCount) = try self.arguments(structure, velocities, masses)
    let results = try step(arguments)
    let values = try results[0].doubles(on: context)
    func vectors(_ start: Int, _ scale: Double) -> [SIMD3<Double>] {
      (0..<structure.count).map { atom in
        let i = 6 * atom + start
        return scale * SIMD3(values[i], values[i + 1], values[i + 2])
      }
    }
    return Forecast(
      displacements: vectors(0, scales.displacement), velocities: vectors(3, scales.velocity),
      edgeCount: edgeCount)
  }

  /// The kernels of one forecast of this structure, with bytes, operations and memory.
  ///
  /// - Throws: as `forecast`.
  public func explain(_ structure: AtomicStructure) throws -> PlanReport {
    try step.explain(
      for: argumentsAtRest(structure).map { TensorDescription($0.shape, $0.elementType) })
  }

  /// As `explain`, with the median time of each kernel over several forecasts.
  ///
  /// - Throws: as `forecast`.
  /// - Precondition: the forecaster was compiled on a context that profiles.
  public func measure(_ structure: AtomicStructure, runs: Int) throws -> PlanReport {
    try step.measure(argumentsAtRest(structure), runs: runs)
  }

  private func argumentsAtRest(_ structure: AtomicStructure) throws -> [Tensor] {
    try arguments(structure, [SIMD3<Double>](repeating: .zero, count: structure.count), nil)
      .arguments
  }

  private func arguments(
    _ structure: AtomicStructure, _ velocities: [SIMD3<Double>], _ masses: [Double]?
  ) throws -> (arguments: [Tensor], edgeCount: Int) {
    let edges = try search.radiusGraph(of: structure.positions, in: structure.cell)
    let arguments = MotionGraph.arguments(
      positions: structure.positions, velocities: velocities,
      masses: masses
        ?? structure.atomicNumbers.map { ChemicalElement.standardMass(ofAtomicNumber: $0) ?? 0 },
      species: try species(of: structure), speciesCount: model.species.count, edges: edges,
      elementType)
    return (arguments, edges.edgeCount)
  }

  private func species(of structure: AtomicStructure) throws -> [Int] {
    try structure.atomicNumbers.enumerated().map { atom, number in
      guard let index = model.speciesIndex(of: number) else {
        throw ForecastingError.unknownElement(atom: atom, number, known: model.species)
      }
      return index
    }
  }
}
