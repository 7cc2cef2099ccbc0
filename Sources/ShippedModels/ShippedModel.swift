import CEmbeddedModels
import FileFormats

/// A model that comes with Clebsch, embedded in the program.
///
///     let potential = try Potential(.silicon)
///     let forecaster = try Forecaster(.silicon20fs)
///
/// What they were trained on and how good they are: `docs/shipped-models.md`.
public struct ShippedModel: Sendable, Hashable {
  /// What a model computes, and so which type it is compiled as.
  public enum Kind: String, Sendable, CaseIterable {
    /// Energy, forces, stress: `Potential`.
    case potential
    /// Where atoms are one forecast step later: `Forecaster`.
    case forecaster
  }

  /// The name by which `clebsch` takes it.
  public let name: String
  public let kind: Kind
  /// What it is for, in a line.
  public let summary: String
  /// Where the data come from on which it was trained.
  public let origin: String
  /// The SPDX identifier of the licence of its weights.
  public let license: String
  private let index: UInt32

  private init(
    _ model: embedded_model, _ name: String, _ kind: Kind, summary: String, origin: String
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.origin = origin
    license = "Apache-2.0"
    index = model.rawValue
  }

  /// A potential for silicon: SevenNet's architecture, 16 channels, two layers.
  public static let silicon = ShippedModel(
    embedded_silicon, "silicon", .potential,
    summary: "crystalline silicon up to 1000 K, a small potential",
    origin: "trained with Clebsch on energies, forces and stress computed by SevenNet-0")

  /// A forecaster for silicon with steps of 10 fs.
  public static let silicon10fs = ShippedModel(
    embedded_silicon_10fs, "silicon-10fs", .forecaster,
    summary: "crystalline silicon about 300 K, a TrajCast forecaster with steps of 10 fs",
    origin: "trained with Clebsch on molecular dynamics by the potential 'silicon'")

  /// A forecaster for silicon with steps of 20 fs.
  public static let silicon20fs = ShippedModel(
    embedded_silicon_20fs, "silicon-20fs", .forecaster,
    summary: "crystalline silicon about 300 K, a TrajCast forecaster with steps of 20 fs",
    origin: "trained with Clebsch on molecular dynamics by the potential 'silicon'")

  /// All that come with Clebsch.
  public static let all = [silicon, silicon10fs, silicon20fs]

  /// The model of a name; nil if none comes with Clebsch.
  public init?(named name: String) {
    guard let model = Self.all.first(where: { $0.name == name }) else { return nil }
    self = model
  }

  /// The bytes of the model's file, which has the layout of `docs/model-files.md`.
  public var file: [UInt8] {
    let model = embedded_model(rawValue: index)
    var bytes = [UInt8](repeating: 0, count: embedded_model_size(model))
    embedded_model_copy(model, &bytes)
    return bytes
  }
}
