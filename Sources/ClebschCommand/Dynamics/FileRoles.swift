import Clebsch
import FileFormats
import Foundation

/// The files of a run by what they are to it, so that none is written over another.
struct FileRoles {
  private var roles: [String: String] = [:]

  /// Takes note of a file that is read and has to stay as it is.
  mutating func reads(_ path: String, as role: String) {
    guard isRegularFile(path) else { return }
    roles[Self.key(path)] = role
  }

  /// Takes note of a file that is written.
  ///
  /// - Throws: `Failure` where something else is read from, or written to, the same file. Devices and
  ///   pipes may be named twice.
  mutating func writes(_ path: String, as role: String) throws {
    guard isRegularFile(path) || !FileManager.default.fileExists(atPath: path) else { return }
    if let other = roles.updateValue(role, forKey: Self.key(path)) {
      throw Failure(
        .wrongUsage,
        "\(role) \(path): it is the same file as \(other)\nGive each file a name of its own."
      )
    }
  }

  private static func key(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}

extension DynamicsOutputs {
  /// - Throws: `Failure` where a file of the run is another one's, or an input.
  func requireOwnFiles(structure: String, model: String) throws {
    var roles = FileRoles()
    roles.reads(model, as: "the model")
    roles.reads(structure, as: "the structure, from which resuming starts")
    for (path, role) in [
      (trajectory, "--trajectory"), (log, "--log"), (checkpoint, "--checkpoint"),
    ] {
      if let path { try roles.writes(path, as: role) }
    }
  }
}
