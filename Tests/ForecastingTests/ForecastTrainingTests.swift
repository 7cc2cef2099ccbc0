import Equivariance
import FileFormats
import Forecasting
import Potentials
import TensorGraph
import TestSupport
import Testing
import Training

/// Training of forecasters against the official code.
struct ForecastTrainingTests {
  @Test(
    "six steps of AMSGrad go as in the official code",
    arguments: ["EfficientTrajCast-l1", "EfficientTrajCast-l2"])
  func optimizerTrace(name: String) throws {
    let recorded = try fixture("training/gradients.safetensors", in: .module)
    let trace = try recorded.doubles("\(name)/adam_trace")
    let reference = try recorded.doubles("\(name)/reference")
    let official = try OfficialCase.small(name, .float64)
    let frame = try OfficialCase.frames("small/nacl.extxyz")[0]
    let scales = official.model.scales
    func vectors(_ start: Int, _ scale: Double) -> [SIMD3<Double>] {
      (0..<8).map { atom in
        let i = 6 * atom + start
        return scale * SIMD3(reference[i], reference[i + 1], reference[i + 2])
      }
    }
    let sample = MotionSample(
      structure: try AtomicStructure(frame),
      velocities: frame.properties["velocities"]?.vectors ?? [],
      displacements: vectors(0, scales.displacement), updatedVelocities: vectors(3, scales.velocity)
    )
    var trainer = try Trainer(
      ForecastTask(official.model, masses: OfficialCase.masses, elementType: .float64),
      startingFrom: official.weights, training: SampleArray([sample]),
      settings: TrainingSettings(
        optimizer: Optimizer(.amsgrad, gradientNormLimit: 0.5),
        schedule: LearningRateSchedule(rate: 0.01), epochs: 6, batchSize: 1))
    while !trainer.isFinished { _ = try trainer.advance() }
    for (row, record) in trainer.history.enumerated() {
      // Differences of 1e-9 in a gradient are divided by its own size in the first steps.
      expectClose(record.trainingLoss, trace[2 * row], tolerance: 1e-7, "loss of step \(row)")
      expectClose(
        record.largestGradientNorm, trace[2 * row + 1], tolerance: 1e-7,
        "gradient norm of step \(row)")
    }
  }
}
