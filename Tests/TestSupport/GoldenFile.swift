import Foundation
import Testing

/// Checks that generated text is what a file beside the tests holds, so that an unintended change
/// of a generator shows in review.
///
/// With `CLEBSCH_RECORD=1` in the environment the files are written instead.
///
/// - Parameters:
///   - text: what the generator wrote.
///   - name: the file's name, below the folder `Golden` beside the calling test.
public func expectGolden(
  _ text: String, named name: String, caller: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: caller).deletingLastPathComponent()
    .appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["CLEBSCH_RECORD"] == "1" {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return
  }
  guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
    Issue.record("there is no golden file \(file.path)", sourceLocation: sourceLocation)
    return
  }
  if text != expected {
    let lines = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
    let difference = lines.enumerated().first { $0.element.0 != $0.element.1 }
    let place = difference.map {
      "line \($0.offset + 1) is\n  \($0.element.0)\nexpected\n  \($0.element.1)"
    }
    Issue.record(
      "\(name): \(place ?? "the lengths differ"); CLEBSCH_RECORD=1 records the new text",
      sourceLocation: sourceLocation)
  }
}
