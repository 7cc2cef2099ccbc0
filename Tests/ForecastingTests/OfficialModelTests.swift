import Equivariance
import FileFormats
import Forecasting
import Foundation
import Irreps
import TensorGraph
import TestSupport
import Testing

/// Forecasts of the published styles against those of the official code.
struct OfficialModelTests {
  static let smallModels = [
    "EfficientTrajCast-l1", "EfficientTrajCast-l2", "TrajCast-l1", "TrajCast-l2",
  ]

  @Test("forecasts are those of the official code", arguments: smallModels)
  func forecasts(name: String) throws {
    let expected = try fixture("small/\(name).out.safetensors", in: .module).doubles("target")
    let frame = try OfficialCase.frames("small/nacl.extxyz")[0]
    for type in [ElementType.float32, .float64] {
      let official = try OfficialCase.small(name, type)
      let evaluation = official.model.evaluate(
        try official.graph(of: frame), parameters: official.parameters)
      // The record is of single precision. Random readouts of TrajCast models cancel to 1e-5, and
      // the record's own rounding is then up to 2e-6 of it, as the values in double show.
      expectClose(
        try evaluation.forecast.doubles(), expected,
        tolerance: name.hasPrefix("Efficient") ? 1e-6 : 3e-6, shape: [8, 6], "\(name) \(type)")
    }
  }

  @Test(
    "features, loss and every derivative are those of the official code in double precision",
    arguments: ["EfficientTrajCast-l1", "EfficientTrajCast-l2"])
  func derivatives(name: String) throws {
    let recorded = try fixture("training/gradients.safetensors", in: .module)
    let official = try OfficialCase.small(name, .float64)
    let graph = try official.graph(of: try OfficialCase.frames("small/nacl.extxyz")[0])
    let vector = Tensor(official.weights)
    let parameters = Parameters(official.model.layout, of: vector)
    let evaluation = official.model.evaluate(graph, parameters: parameters)

    let hidden = (0...(name.hasSuffix("1") ? 1 : 2)).flatMap { degree in
      [Parity.odd, .even].map { MultipliedIrrep(8, Irrep(degree: degree, parity: $0)) }
    }
    let reference = Tensor(try recorded.doubles("\(name)/reference"), shape: [8, 6])
    let error = evaluation.forecast - reference
    let squares = error * error
    let loss =
      squares.slice(0..<3, along: 1).mean(along: [0, 1])
      + squares.slice(3..<6, along: 1).mean(along: [0, 1])
    let gradients = gradient(
      of: loss, withRespectTo: parameters.parts + [graph.positions, graph.velocities])
    try evaluate([loss, evaluation.forecast] + gradients + evaluation.features.values)

    for (layer, feature) in evaluation.features where layer.hasPrefix("_int_out.mp_layer") {
      let short = String(layer.dropFirst("_int_out.".count))
      expectClose(
        try feature.converted(
          Irreps(hidden), from: .channelsContiguous, to: .componentsContiguous
        ).doubles(),
        try recorded.doubles("\(name)/features/\(short)"), tolerance: 1e-9, "\(name) \(short)")
    }
    expectClose(
      try evaluation.forecast.doubles(), try recorded.doubles("\(name)/target"), tolerance: 1e-9)

    expectClose(try loss.doubles(), try recorded.doubles("\(name)/loss"), tolerance: 1e-12)

    let names = official.model.layout.declarations.map(\.name) + ["positions", "velocities"]
    for (parameter, gradient) in zip(names, gradients) {
      expectClose(
        try gradient.doubles(), try recorded.doubles("\(name)/grad/\(parameter)"),
        tolerance: 1e-9, "\(name) \(parameter)")
    }
  }

  @Test("a Flexible model's features and forecasts are those of the official code")
  func flexible() throws {
    let recorded = try fixture("benzene/one_step.safetensors", in: .module)
    for type in [ElementType.float32, .float64] {
      let official = try OfficialCase.benzene(type)
      for (index, frame) in try OfficialCase.frames("benzene/frames.extxyz").enumerated() {
        let evaluation = official.model.evaluate(
          try official.graph(of: frame), parameters: official.parameters)
        let features = try #require(evaluation.features["layers.MessagePassingLayer3"])
        try evaluate([features, evaluation.forecast])
        expectClose(
          try features.converted(
            "16x0o+16x0e+16x1o+16x1e", from: .channelsContiguous, to: .componentsContiguous
          ).doubles(),
          try recorded.doubles("frame\(index).node_features"), tolerance: 2e-6, "\(index) \(type)")
        expectClose(
          try evaluation.forecast.doubles(), try recorded.doubles("frame\(index).target"),
          tolerance: 2e-6, "\(index) \(type)")
      }
    }
  }
}
