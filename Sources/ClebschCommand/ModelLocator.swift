import Clebsch
import FileFormats
import Foundation
import OpenCLRuntime

/// A model that its authors published, and the name of its file.
struct PublishedModel {
  /// The name by which people ask for it; further names after it.
  let names: [String]
  /// The name that its publisher gave the file, or `make models` where two had the same.
  let file: String
  let summary: String

  static let all = [
    PublishedModel(
      names: ["7net-0", "sevennet-0", "7net-0_11jul2024"], file: "checkpoint_sevennet_0.pth",
      summary: "SevenNet-0 (11 July 2024), PBE and PBE+U of the Materials Project"),
    PublishedModel(
      names: ["7net-0_22may2024", "sevennet-0_22may2024"],
      file: "checkpoint_sevennet_0_22May2024.pth",
      summary: "SevenNet-0 (22 May 2024), its first release"),
    PublishedModel(
      names: ["7net-l3i5", "sevennet-l3i5"], file: "checkpoint_l3i5.pth",
      summary: "SevenNet-l3i5, features to degree 3"),
    PublishedModel(
      names: ["7net-mf-0", "sevennet-mf-0"], file: "checkpoint_sevennet_mf_0.pth",
      summary: "SevenNet-MF-0, modalities PBE and R2SCAN"),
  ]
}

/// A model that was found.
enum LocatedModel {
  case file(String)
  /// One that comes with Clebsch.
  case shipped(ShippedModel)

  /// What tells the model apart from others: its name and checksum.
  ///
  /// - Throws: `FileFormatError` where the file cannot be read.
  func identity() throws -> String {
    let (name, digest) =
      switch self {
      case .file(let path):
        (
          path.split(separator: "/").last.map(String.init) ?? path,
          try Self.checksum(ofFile: path)
        )
      case .shipped(let model): (model.name, SHA256.hexadecimal(of: model.file))
      }
    return "\(name) (SHA-256 \(digest.prefix(16))…)"
  }

  /// The SHA-256 of a file, in hexadecimal digits.
  ///
  /// - Throws: `FileFormatError` where the file cannot be read.
  static func checksum(ofFile path: String) throws -> String {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw FileFormatError(
        kind: .unreadable, file: path, found: "the file cannot be read", expected: "")
    }
    return SHA256.hexadecimal(of: Array(content))
  }

  /// Whether it is a forecaster, in Clebsch's own model file.
  ///
  /// - Throws: `FileFormatError` for a model file that cannot be read.
  func isForecaster() throws -> Bool {
    switch self {
    case .file(let path):
      try path.hasSuffix(".safetensors") && ModelFile(contentsOf: path).kind == .forecaster
    case .shipped(let model): model.kind == .forecaster
    }
  }

  /// The model as a forecaster.
  ///
  /// - Throws: as `Forecaster(contentsOf:)`.
  func forecaster(
    precision: Precision = .single, radial: RadialEvaluation = .automatic, on context: Context
  ) throws -> Forecaster {
    switch self {
    case .file(let path):
      try Forecaster(contentsOf: path, precision: precision, radial: radial, on: context)
    case .shipped(let model):
      try Forecaster(model, precision: precision, radial: radial, on: context)
    }
  }

  /// The model as a potential.
  ///
  /// - Throws: as `Potential(contentsOf:)`.
  func potential(
    modality: String? = nil, precision: Precision = .single, radial: RadialEvaluation = .automatic,
    on context: Context
  ) throws -> Potential {
    switch self {
    case .file(let path):
      return try Potential(
        contentsOf: path, modality: modality, precision: precision, radial: radial, on: context)
    case .shipped(let model):
      if let modality { throw PotentialError.modality(found: modality, known: []) }
      return try Potential(model, precision: precision, radial: radial, on: context)
    }
  }
}

/// Finds a model by what the user called it.
struct ModelLocator {
  /// The folders that are searched for published models, in order.
  let folders: [String]

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let folder = environment["CLEBSCH_MODELS"], !folder.isEmpty {
      folders = [folder]
    } else {
      let home = environment["HOME"] ?? NSHomeDirectory()
      folders = ["Models", home + "/.local/share/clebsch/models"]
    }
  }

  /// The model that comes with Clebsch under this name, else a model's file.
  ///
  /// - Throws: as `path(of:)`.
  func model(_ name: String) throws -> LocatedModel {
    try ShippedModel(named: name).map { .shipped($0) } ?? .file(path(of: name))
  }

  /// The file of a model: one at this path, else the published model of this name, else a file of
  /// this name in one of the folders.
  ///
  /// - Throws: `Failure` that says where it looked and how to get the model.
  func path(of model: String) throws -> String {
    if FileManager.default.fileExists(atPath: model) { return model }
    guard !model.contains("/") else {
      throw Failure(
        .inputNotFound, "\(model): there is no such file; expected a model's checkpoint")
    }
    let published = PublishedModel.all.first {
      $0.names.contains(model.lowercased()) || $0.file == model
    }
    let file = published?.file ?? model
    if let path = firstPath(of: file) { return path }
    throw published != nil ? notFetched(model, file: file) : unknown(model)
  }

  /// The first file of this name in the folders.
  func firstPath(of file: String) -> String? {
    folders.map { "\($0)/\(file)" }.first(where: FileManager.default.fileExists(atPath:))
  }

  private var searched: String { folders.map { $0 + "/" }.joined(separator: " and ") }

  private func notFetched(_ model: String, file: String) -> Failure {
    let name = model == file ? "" : " (\(file))"
    return Failure(
      .inputNotFound,
      "model '\(model)'\(name) is not in \(searched)\n"
        + "Fetch it with 'make models', or set CLEBSCH_MODELS to the folder that holds it.")
  }

  private func unknown(_ model: String) -> Failure {
    let names = ShippedModel.all.map(\.name) + PublishedModel.all.flatMap(\.names)
    let help =
      nearest(to: model, among: names).map { "did you mean '\($0)'?" }
      ?? "known names: "
      + (ShippedModel.all.map(\.name) + PublishedModel.all.map { $0.names[0] })
      .joined(separator: ", ")
    return Failure(
      .inputNotFound,
      "no file '\(model)' here or in \(searched), and no model known by that name; \(help)")
  }
}
