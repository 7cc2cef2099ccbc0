import Clebsch
import FileFormats

/// A model that is ready to compute, and what tells it apart from others.
struct LoadedModel {
  let potential: Potential
  let context: Context
  /// The name of its file, the file's checksum, the fidelity and the precision.
  let identity: String

  /// The skin in Å of a neighbour list where nothing else is asked for.
  var usualSkin: Double { potential.canKeepNeighbours ? 0.5 : 0 }

  /// What computes forces, with a neighbour list that is kept where there is a skin.
  ///
  /// - Throws: `Failure` where the model has no use for one.
  func forceField(skin: Double) throws -> any ForceField {
    guard skin > 0 else { return potential }
    guard potential.canKeepNeighbours else {
      throw Failure(
        .wrongUsage,
        "--skin \(skin): this model is evaluated on the neighbours within its cutoff only\n"
          + "Leave it out: the list is made at each step, in less than a hundredth of the time.")
    }
    return try potential.keepingNeighbours(skin: skin)
  }
}

extension ModelOptions {
  private func located(_ model: String) throws -> LocatedModel {
    do {
      return try ModelLocator().model(model)
    } catch let failure as Failure where failure.status == .inputNotFound {
      guard let name = nearest(to: model, among: Self.builtInModels) else { throw failure }
      throw Failure(
        .inputNotFound, "there is no model '\(model)'; did you mean '\(name)'?")
    }
  }

  /// Names of force fields that are a formula, not a network.
  static let builtInModels = ["lj-argon"]

  /// Opens the device and loads the model, a file or one that comes with Clebsch.
  func loadForceField(_ model: String) throws -> LoadedModel {
    if model == "lj-argon" {
      let context = try Context(device: Device.select(device))
      return LoadedModel(
        potential: try .lennardJones(precision: precision, on: context), context: context,
        identity: "lj-argon, \(precision.rawValue)")
    }
    let located = try located(model)
    let context = try Context(device: Device.select(device))
    return LoadedModel(
      potential: try loadPotential(located, on: context), context: context,
      identity: try located.identity() + ", "
        + (modality.map { "\($0), " } ?? "") + precision.rawValue
        + (exactRadial ? ", radial networks" : ""))
  }
}
