import FoundationEssentials

/// What the folder of built kernels holds. Sizes are in bytes.
public struct ProgramCacheUsage: Sendable {
  public let folder: String
  public let fileCount: Int
  public let byteCount: Int
  /// When the folder grows over this, what was not used for longest goes.
  public let limitBytes: Int
}

extension ProgramCache {
  var usage: ProgramCacheUsage {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let sizes = names.compactMap { FileInformation(of: "\(folder)/\($0)")?.byteCount }
    return ProgramCacheUsage(
      folder: folder, fileCount: sizes.count, byteCount: sizes.reduce(0, +),
      limitBytes: limitBytes)
  }
}

extension Context {
  /// What the folder of built kernels holds now; nil where kernels are not kept.
  public var programCacheUsage: ProgramCacheUsage? { programCache?.usage }
}
