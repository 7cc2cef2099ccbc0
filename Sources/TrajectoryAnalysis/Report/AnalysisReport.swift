import FileFormats
import Foundation

/// The report on one or several trajectories: numbers, tables in CSV, and a page to look at.
///
///     let report = AnalysisReport([try TrajectoryObservables(contentsOf: "trajectory.extxyz")])
///     try report.write(to: "report.html")
///
/// The first of several trajectories is the one that the others are compared with.
public struct AnalysisReport: Sendable {
  public let trajectories: [TrajectoryObservables]

  /// - Precondition: there is at least one trajectory.
  public init(_ trajectories: [TrajectoryObservables]) {
    precondition(!trajectories.isEmpty, "a report on no trajectory")
    self.trajectories = trajectories
  }

  /// For each trajectory after the first how it differs from the first.
  public var comparisons: [(name: String, numbers: [KeyNumber])] {
    trajectories.dropFirst().map { ($0.name, $0.comparison(with: trajectories[0])) }
  }

  /// The page: one file, which opens without a network.
  public var html: String { ReportPage(self).html }

  /// The tables by what is in them: `summary`, `thermodynamics`, `cell`, `rdf`, `adf`, `msd`,
  /// `vacf`, `vdos`.
  public var csvTables: [(name: String, text: String)] {
    CSVTables(trajectories: trajectories, comparisons: comparisons).all
  }

  /// The files that `write` writes, the page last.
  public func files(at path: String) -> [String] {
    csvTables.map { "\(Self.stem(of: path)).\($0.name).csv" } + [path]
  }

  /// Writes the page, and beside it a file for each table: `report.html`, `report.rdf.csv`, ….
  ///
  /// - Returns: the files in the order in which they were written, the page last.
  /// - Throws: `FileFormatError` if one cannot be written; each appears whole or not at all.
  @discardableResult
  public func write(to path: String) throws -> [String] {
    let stem = Self.stem(of: path)
    var written: [String] = []
    for (name, text) in csvTables {
      let file = "\(stem).\(name).csv"
      try AtomicFile.write(Array(text.utf8), to: file)
      written.append(file)
    }
    try AtomicFile.write(Array(html.utf8), to: path)
    return written + [path]
  }

  private static func stem(of path: String) -> String {
    for suffix in [".html", ".htm"] where path.hasSuffix(suffix) {
      return String(path.dropLast(suffix.count))
    }
    return path
  }
}
