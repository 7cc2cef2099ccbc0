import ArgumentParser
import Clebsch

/// Where and how a model computes.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The OpenCL device, by index or part of its name (see 'clebsch devices').",
      valueName: "name|index"))
  var device: String?

  @Option(help: "The precision of the arithmetic: single or double.")
  var precision: Precision = .single

  @Option(
    help: ArgumentHelp(
      "For models that learnt several levels of theory: which one, such as PBE.",
      valueName: "name"))
  var modality: String?

  @Flag(
    help: "Evaluate radial networks for every pair instead of reading tables of them (slower).")
  var exactRadial = false

  /// Opens the device and loads the model.
  func loadPotential(_ model: String) throws -> (potential: Potential, context: Context) {
    let located = try ModelLocator().model(model)
    let context = try Context(device: Device.select(device))
    return (try loadPotential(located, on: context), context)
  }

  /// Loads a model that was found.
  func loadPotential(_ model: LocatedModel, on context: Context) throws -> Potential {
    try model.potential(
      modality: modality, precision: precision, radial: radial, on: context)
  }

  /// Loads a forecaster that was found.
  func loadForecaster(_ model: LocatedModel, on context: Context) throws -> Forecaster {
    guard modality == nil else {
      throw Failure(.wrongUsage, "--modality: a forecaster has learnt one kind of motion alone")
    }
    return try model.forecaster(precision: precision, radial: radial, on: context)
  }

  private var radial: RadialEvaluation { exactRadial ? .network : .automatic }
}

extension Precision: ExpressibleByArgument {}
