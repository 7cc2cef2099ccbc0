import FileFormats
import Potentials
import TensorGraph

extension ForecastModel {
  /// Reads a forecaster from Clebsch's own model file.
  ///
  /// - Returns: the model and the values of its parameters.
  /// - Throws: `FileFormatError`, `PotentialError`, `ForecastingError`.
  package static func load(_ file: ModelFile) throws -> (model: ForecastModel, values: [Double]) {
    guard file.kind == .forecaster else {
      throw file.configuration.problem(
        "the file holds a \(file.kind.rawValue)", expected: "a forecaster")
    }
    let section = try ConfigurationSection(
      file.configuration, keys: ["architecture", "species", "timestep_fs", "scales", "settings"])
    let scales = try section["scales"].map { node in
      let section = try ConfigurationSection(node, keys: ["displacement_A", "velocity_A_per_fs"])
      return ForecastScales(
        displacement: try section.value("displacement_A") { try $0.number(above: 0) },
        velocity: try section.value("velocity_A_per_fs") { try $0.number(above: 0) })
    }
    let model = try ForecastModel(
      ForecastDescription(
        style: try section.value("architecture") {
          try $0.choice(of: ForecastDescription.styles)
        },
        settings: try section.value("settings") { $0 },
        species: try section.value("species") { try $0.elements() },
        timestep: try section["timestep_fs"]?.number(above: 0), scales: scales))
    return (model, try model.layout.values(in: file.tensors))
  }

  /// Writes the model with these parameters as Clebsch's own model file.
  ///
  /// - Throws: `FileFormatError` if it cannot be written.
  package func write(
    _ values: [Double], as elementType: ElementType, notes: [String: String] = [:], to path: String
  ) throws {
    var members: [(key: String, value: JSONValue)] = [
      ("architecture", .string(description.style)),
      (
        "species",
        .array(
          species.map { .string(ChemicalElement.symbol(ofAtomicNumber: $0) ?? "\($0)") })
      ),
    ]
    if let timestep { members.append(("timestep_fs", .real(timestep))) }
    if let scales = description.scales {
      members.append(
        (
          "scales",
          .object([
            ("displacement_A", .real(scales.displacement)),
            ("velocity_A_per_fs", .real(scales.velocity)),
          ])
        ))
    }
    members.append(("settings", description.settings.json))
    try ModelFile.write(
      .forecaster, configuration: .object(members), layout: layout, values: values,
      as: elementType, notes: notes, to: path)
  }
}
