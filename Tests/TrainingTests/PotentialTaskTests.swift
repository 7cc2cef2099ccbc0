import Equivariance
import FileFormats
import Foundation
import Neighbours
import OpenCLRuntime
import Potentials
import TensorGraph
import TestSupport
import Testing
import Training

/// Potentials as functions of their parameters.
struct PotentialTaskTests {
  /// A little periodic cell and a molecule of carbon, hydrogen and oxygen with made-up labels.
  private static func samples() throws -> [LabelledStructure] {
    let cell = try Cell(SIMD3(4.1, 0, 0), SIMD3(0.3, 4.4, 0), SIMD3(0, -0.2, 5.2))
    let crystal = AtomicStructure(
      atomicNumbers: [6, 8, 1],
      positions: [SIMD3(0.1, 0, 0.2), SIMD3(1.9, 0.4, 0.3), SIMD3(0.4, 2.2, 2.0)], cell: cell)
    let molecule = AtomicStructure(
      atomicNumbers: [8, 1], positions: [SIMD3(0, 0, 0), SIMD3(0.7, 0.6, 0.2)])
    return [
      LabelledStructure(
        structure: crystal, energy: -3.2,
        forces: [SIMD3(0.3, -0.1, 0.2), SIMD3(-0.5, 0.4, 0), SIMD3(0.2, -0.3, -0.2)],
        stress: [0.01, -0.02, 0.03, 0.004, -0.005, 0.006]),
      LabelledStructure(
        structure: molecule, energy: 1.1, forces: [SIMD3(1, 0.5, 0), SIMD3(-1, -0.5, 0)]),
    ]
  }

  @Test("derivatives of a loss of energies, forces and stress are those of finite differences")
  func derivatives() throws {
    let context = try Context.shared()
    let (architecture, values) = try SevenNetArchitecture.load(
      TorchCheckpoint(contentsOf: try fixturePath("small.pth", in: .module)))
    let task = PotentialTask(
      architecture, energyWeight: 0.7, forceWeight: 1.3, stressWeight: 100, elementType: .float64)
    let batch = try task.batch(of: try Self.samples(), on: context)
    let vector = TensorDescription([Dimension(task.layout.count)], .float64)
    let function = try CompiledFunction(of: [vector] + task.batchDescription) { arguments in
      let parameters = Parameters(task.layout, of: arguments[0])
      let errors = task.errors(of: parameters, on: Array(arguments.dropFirst()))
      let loss = zip(errors, task.terms).map { $0.sum / $0.count * $1.weight }
        .reduce(Tensor([0.0], shape: []), +)
      return [
        loss, concatenate(gradient(of: loss, withRespectTo: parameters.parts), along: 0),
      ]
    }
    func evaluate(_ values: [Double]) throws -> (loss: Double, gradient: [Double]) {
      let results = try function([Tensor(values)] + batch)
      return (try results[0].doubles()[0], try results[1].doubles())
    }
    let derivative = try evaluate(values).gradient
    // One number of every parameter, and a step that balances rounding (1e-16/h) with h².
    let step = 1e-5
    for range in task.layout.ranges {
      let place = range.lowerBound + range.count / 2
      var (up, down) = (values, values)
      up[place] += step
      down[place] -= step
      let slope = (try evaluate(up).loss - evaluate(down).loss) / (2 * step)
      expectClose(
        derivative[place], slope, tolerance: 1e-6,
        relativeTo: max(abs(slope), derivative.map(abs).max() ?? 1),
        "parameter at \(place)")
    }
  }

  @Test("a checkpoint and the model file made of it give the same energies and forces")
  func modelFile() throws {
    let folder = try TemporaryFolder()
    let checkpoint = try fixturePath("small.pth", in: .module)
    let (architecture, values) = try SevenNetArchitecture.load(
      TorchCheckpoint(contentsOf: checkpoint))
    let path = folder.file("small.safetensors")
    try architecture.write(values, as: .float64, to: path)
    let structure = try Self.samples()[0].structure
    let original = try Potential(contentsOf: checkpoint, precision: .double).evaluate(structure)
    let copy = try Potential(contentsOf: path, precision: .double).evaluate(structure)
    #expect(copy.energy == original.energy)
    #expect(copy.forces == original.forces)
    #expect(copy.stress == original.stress)
  }

  @Test("a damaged model file is an error that names the file")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let (architecture, values) = try SevenNetArchitecture.load(
      TorchCheckpoint(contentsOf: try fixturePath("small.pth", in: .module)))
    let path = folder.file("small.safetensors")
    try architecture.write(values, as: .float32, to: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 7, 200, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: FileFormatError.self) { try Potential(contentsOf: path) }
      #expect(error?.file == path)
    }
  }

  @Test("a small potential of a YAML file learns energies and forces")
  func learns() throws {
    let settings = try ConfigurationNode(
      yaml: """
        cutoff: 3.5
        channel: 4
        lmax: 1
        num_convolution_layer: 2
        is_parity: false
        radial_basis: {bessel_basis_num: 4}
        weight_nn_hidden_neurons: [8]
        """, file: "settings.yaml")
    let architecture = try SevenNetArchitecture(
      settings, species: [1, 6, 8], scale: [0.5], shift: [-1, -1, -1], denominator: 2)
    let task = PotentialTask(architecture, elementType: .float32)
    let samples = SampleArray(try Self.samples())
    var trainer = try Trainer(
      task, startingFrom: task.layout.initialValues(seed: 1), training: samples,
      settings: TrainingSettings(
        schedule: LearningRateSchedule(rate: 0.02), epochs: 40, batchSize: 2))
    while !trainer.isFinished { _ = try trainer.advance() }
    let losses = trainer.history.map(\.trainingLoss)
    #expect(losses[39] < 0.2 * losses[0], "\(losses)")
  }
}
