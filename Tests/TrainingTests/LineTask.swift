import Equivariance
import OpenCLRuntime
import TensorGraph
import Training

/// The smallest thing to learn: a slope and an offset, from points of different numbers a sample.
struct LineTask: TrainingTask {
  let layout = ParameterLayout([
    ParameterDeclaration("slope", shape: [1, 1]), ParameterDeclaration("offset", shape: [1]),
  ])
  let elementType = ElementType.float64
  let terms = [LossTerm("value", weight: 1)]

  var batchDescription: [TensorDescription] {
    [
      TensorDescription([.symbol("points"), 1], .float64),
      TensorDescription([.symbol("points"), 1], .float64),
    ]
  }

  func batch(of samples: [[SIMD2<Double>]], on context: Context) -> [Tensor] {
    let points = samples.flatMap(\.self)
    return [
      Tensor(points.map(\.x), shape: [Dimension(points.count), 1]),
      Tensor(points.map(\.y), shape: [Dimension(points.count), 1]),
    ]
  }

  func errors(of parameters: Parameters, on batch: [Tensor]) -> [ErrorSum] {
    let values = batch[0] * parameters["slope"] + parameters["offset"]
    return [ErrorMeasure.square.sum(values - batch[1])]
  }

  /// Seven samples of one to seven points on y = 3x − 1.
  static let samples: [[SIMD2<Double>]] = (1...7).map { count in
    (0..<count).map { point in
      let x = Double(point * count % 5) / 5 - 0.3
      return SIMD2(x, 3 * x - 1)
    }
  }

  static func trainer(
    _ settings: TrainingSettings, samples: [[SIMD2<Double>]] = samples, isTrained: [Bool]? = nil
  ) throws -> Trainer<LineTask> {
    try Trainer(
      LineTask(), startingFrom: [0, 0], isTrained: isTrained, training: SampleArray(samples),
      validation: SampleArray(Array(samples.prefix(3))), settings: settings, identity: "line")
  }
}
