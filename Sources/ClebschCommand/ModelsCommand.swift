import ArgumentParser
import Clebsch
import Foundation

/// `clebsch models`: which models come with Clebsch, which published ones are known and here.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the models that are known, where their files are, and what is in them.",
    discussion: """
      Example:
        clebsch models

      Some come with Clebsch and need no file. Published ones are looked for in the folder CLEBSCH_MODELS, else in Models/ here and in \
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
        try StandardOutput.write(model.record(path: path, description))
      } else {
        try StandardOutput.write(Self.text(of: model, path: path, description))
      }
    }
    for model in ShippedModel.all {
      let description = try ShippedModelDescription(model)
      if json {
        try StandardOutput.write(description.record)
      } else {
        try StandardOutput.write(description.text)
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

extension PublishedModel {
  /// A line of `clebsch models --json`; what only the file could tell is null where it is not here.
  fileprivate func record(path: String?, _ description: ModelDescription?) -> JSONObject {
    [
      "name": names[0], "names": names, "file": file, "summary": summary, "path": path,
      "cutoff_A": description?.cutoff, "layers": description?.layers,
      "irreps": description?.irreps, "parameters": description?.parameterCount,
      "elements": description?.elements, "modalities": description?.modalities,
      "sha256": description?.sha256,
    ]
  }
}
