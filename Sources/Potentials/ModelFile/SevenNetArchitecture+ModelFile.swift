import Equivariance
import FileFormats
import TensorGraph

extension SevenNetArchitecture {
  /// Reads a potential from Clebsch's own model file.
  ///
  /// - Returns: the architecture and the values of its parameters.
  /// - Throws: `FileFormatError`, `PotentialError`.
  package static func load(
    _ file: ModelFile
  ) throws -> (architecture: SevenNetArchitecture, values: [Double]) {
    guard file.kind == .potential else {
      throw file.configuration.problem(
        "the file holds a \(file.kind.rawValue)", expected: "a potential")
    }
    let section = try ConfigurationSection(
      file.configuration, keys: ["architecture", "species", "settings"])
    _ = try section.value("architecture") { try $0.choice(of: ["SevenNet"]) }
    let architecture = try SevenNetArchitecture(
      try section.value("settings") { $0 },
      species: try section.value("species") { try $0.elements() })
    return (architecture, try architecture.layout.values(in: file.tensors))
  }

  /// Writes the potential with these parameters as Clebsch's own model file.
  ///
  /// - Throws: `FileFormatError` if it cannot be written.
  package func write(
    _ values: [Double], as elementType: ElementType, notes: [String: String] = [:], to path: String
  ) throws {
    let species = configuration.speciesIndices.sorted { $0.value < $1.value }.map {
      JSONValue.string(ChemicalElement.symbol(ofAtomicNumber: $0.key) ?? "\($0.key)")
    }
    try ModelFile.write(
      .potential,
      configuration: .object([
        ("architecture", .string("SevenNet")), ("species", .array(species)),
        ("settings", settings),
      ]), layout: layout, values: values, as: elementType, notes: notes, to: path)
  }

  /// The potential with these values as constants.
  package func model(_ values: [Double], elementType: ElementType) -> SevenNet {
    model(Parameters(layout, of: Tensor(values, as: elementType)), elementType: elementType)
  }
}
