import FileFormats
import Foundation
import Potentials
import TensorGraph

/// A published checkpoint, which is not part of the project: `make models` fetches it. Tests that
/// need one are skipped where it is missing.
enum PublishedModel: String, CaseIterable {
  case sevenNet0 = "checkpoint_sevennet_0.pth"
  case sevenNet0May = "checkpoint_sevennet_0_22May2024.pth"
  case sevenNetL3I5 = "checkpoint_l3i5.pth"
  case sevenNetMF0 = "checkpoint_sevennet_mf_0.pth"

  /// The folder `CLEBSCH_MODELS`, else `Models` in the project's folder.
  var path: String {
    let folder =
      ProcessInfo.processInfo.environment["CLEBSCH_MODELS"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Models").path
    return folder + "/" + rawValue
  }

  var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

  func model(_ type: ElementType, modality: String? = nil) throws -> SevenNet {
    try SevenNet(TorchCheckpoint(contentsOf: path), modality: modality, elementType: type)
  }
}
