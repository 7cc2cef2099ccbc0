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
  func loadPotential(
    _ model: String, profiling: Bool = false
  ) throws -> (potential: Potential, context: Context) {
    let located = try ModelLocator().model(model)
    let context = try Context(device: Device.select(device), profiling: profiling)
    return (try loadPotential(located, on: context), context)
  }

  /// Loads a model that was found.
  func loadPotential(_ model: LocatedModel, on context: Context) throws -> Potential {
    let radial: RadialEvaluation = exactRadial ? .network : .automatic
    switch model {
    case .file(let path):
      return try Potential(
        contentsOf: path, modality: modality, precision: precision, radial: radial, on: context)
    case .shipped(let model):
      if let modality { throw PotentialError.modality(found: modality, known: []) }
      return try Potential(model, precision: precision, radial: radial, on: context)
    }
  }
}

extension Precision: ExpressibleByArgument {}
