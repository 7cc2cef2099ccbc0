import ArgumentParser
import Clebsch
import Foundation

/// `clebsch models`: which published models are known, and which are here.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the published models, where their files are, and what is in them.",
    discussion: """
      Example:
        clebsch models

      They are looked for in the folder CLEBSCH_MODELS, else in Models/ here and in \
      ~/.local/share/clebsch/models; 'make models' in a clone of Clebsch fetches them.
      """)

  @Flag(help: "Print one JSON object a model.")
  var json = false

  func run() throws {
    let locator = ModelLocator()
    for model in PublishedModel.all {
      let path = locator.firstPath(of: model.file)
      let description = try path.map { try ModelDescription(contentsOf: $0) }
      if json {
        try StandardOutput.write(json: ModelRecord(model, path: path, description))
      } else {
        try StandardOutput.write(Self.text(of: model, path: path, description))
      }
    }
    if !json {
      try StandardOutput.write("Looked in \(locator.folders.joined(separator: " and ")).\n")
    }
  }

  private static func text(
    of model: PublishedModel, path: String?, _ description: ModelDescription?
  ) -> String {
    var lines = ["\(model.names[0].padded(to: 18)) \(model.summary)"]
    if let path, let description {
      lines += [
        path,
        "cutoff \(description.cutoff) Å, \(description.elements.count) elements, "
          + "\(description.layers) layers, features \(description.irreps), "
          + "\(description.parameterCount) parameters",
        "SHA-256 \(description.sha256)",
      ].map { String(repeating: " ", count: 19) + $0 }
    } else {
      lines.append(
        String(repeating: " ", count: 19) + "not here; 'make models' fetches \(model.file)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A line of `clebsch models --json`; the keys are a contract (docs/command-line.md).
private struct ModelRecord: Encodable {
  let name: String
  let names: [String]
  let file: String
  let summary: String
  let path: String?
  let cutoff_A: Double?
  let layers: Int?
  let elements: [String]?
  let modalities: [String]?
  let irreps: String?
  let parameters: Int?
  let sha256: String?

  init(_ model: PublishedModel, path: String?, _ description: ModelDescription?) {
    name = model.names[0]
    names = model.names
    file = model.file
    summary = model.summary
    self.path = path
    cutoff_A = description?.cutoff
    layers = description?.layers
    elements = description?.elements
    modalities = description?.modalities
    irreps = description?.irreps
    parameters = description?.parameterCount
    sha256 = description?.sha256
  }
}
