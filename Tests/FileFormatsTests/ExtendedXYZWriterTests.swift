import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("extended XYZ, writing")
struct ExtendedXYZWriterTests {
  private let frame = ExtendedXYZFrame(
    species: ["Si", "H"],
    positions: [SIMD3(0.1, -1e-20, 1e20), SIMD3(1.0 / 3, -0.0, .leastNonzeroMagnitude)],
    cell: [SIMD3(1.0 / 3, 0, 0), SIMD3(1e-7, 2, 0), SIMD3(0, 0, 1e22)],
    periodic: [true, false, true],
    info: [
      "real": .real(0.1), "whole": .real(3), "nothing": .string(""), "digits": .string("12"),
      "truth": .string("T"), "list": .string("1 2"), "two words": .string("a b"),
      "quotes": .string("\"'{}[]\\"), "lines": .string("a\nb\r\t\u{0}c"), "comma": .string("a,b"),
      "equals": .string("=a=b"), "a=b": .integer(1), "one": .integers([5]), "none": .bools([]),
      "ints": .integers([1, -2]), "bools": .bools([true, false]), "reals": .reals([1, 0.5]),
      "strings": .strings(["x y", "\"z\"", ""]), "json": .json("{\"a\": [1, null]}"),
      "mark": .string("_JSON x"), "unicode": .string("Å 世界"), "huge": .real(1e300),
      "matrix": .matrix([SIMD3(1, 2, 3), SIMD3(4, 5, 6), SIMD3(7, 8, 9.5)]),
      "stress": .matrix([SIMD3(1, 2, 3), SIMD3(4, 5, 6), SIMD3(7, 8, 9.5)]), "yes": .bool(true),
      "endless": .real(-.infinity),
    ],
    properties: [
      "forces": ExtendedXYZProperty(vectors: [SIMD3(1, 2, 3), SIMD3(0.1, 0.2, 0.3)]),
      "a name": ExtendedXYZProperty(values: .integers([.min, .max])),
      "label": ExtendedXYZProperty(columns: 2, values: .strings(["a", "bcd", "é", "\""])),
      "fixed": ExtendedXYZProperty(values: .bools([true, false])),
    ])

  private func roundTrip(
    _ frame: ExtendedXYZFrame, _ numbers: ExtendedXYZNumberFormat = .exact
  ) throws -> ExtendedXYZFrame {
    let folder = try TemporaryFolder()
    try ExtendedXYZWriter.write([frame], to: folder.file("a"), numbers: numbers)
    let frames = try ExtendedXYZReader.frames(contentsOf: folder.file("a"))
    #expect(frames.count == 1)
    return frames[0]
  }

  @Test("exact numbers and every kind of value are read back the same")
  func exactRoundTrip() throws {
    let read = try roundTrip(frame)
    for (key, value) in frame.info where key != "none" {
      #expect(read.info[key] == value, "\(key)")
    }
    // An empty list has no type.
    #expect(read.info["none"] == .json("[]"))
    #expect(read.positions == frame.positions)
    #expect(read.cell == frame.cell && read.periodic == frame.periodic)
    #expect(read.species == frame.species && read.properties == frame.properties)
    #expect(read.info.names == frame.info.names)
  }

  @Test("random doubles of every size are read back bit for bit")
  func randomRoundTrip() throws {
    var generator = SeededGenerator(seed: 11)
    let positions = (0..<2000).map { _ in
      SIMD3<Double>((0..<3).map { _ in Double(bitPattern: generator.next()) })
    }.filter { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
    let species = [String](repeating: "C", count: positions.count)
    let read = try roundTrip(ExtendedXYZFrame(species: species, positions: positions))
    #expect(read.positions == positions)
  }

  @Test("eight decimals are rounded as C's printf rounds them")
  func fixedFormat() throws {
    var generator = SeededGenerator(seed: 13)
    var values: [Double] = [
      0, -0.0, 1, -1, 0.5e-8, 1.5e-8, 2.5e-8, -0.5e-8, 99999.99999999, 99999.999999995, 1e5, -1e5,
      0.000000005, 0.000000015, 1e15, 1e300, .infinity, -.infinity, .leastNonzeroMagnitude,
      123456.789, -99999.5,
    ]
    for power in -30..<0 { values.append(Double(sign: .plus, exponent: power, significand: 1)) }
    // Exact ties: odd multiples of 2^-9 have nine decimals that end in 5.
    for odd in stride(from: 1, to: 2000, by: 2) { values.append(Double(odd) / 512) }
    for _ in 0..<50_000 {
      values.append(generator.normal() * .random(in: 0...1, using: &generator) * 100)
      let decimal = Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &generator))
      values.append((decimal + 0.5) * 1e-8)
    }
    while values.count % 3 != 0 { values.append(0) }
    let positions = stride(from: 0, to: values.count, by: 3).map {
      SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
    }
    let folder = try TemporaryFolder()
    let species = [String](repeating: "C", count: positions.count)
    try ExtendedXYZWriter.write(
      [ExtendedXYZFrame(species: species, positions: positions)], to: folder.file("a"))
    let lines = try String(contentsOfFile: folder.file("a"), encoding: .utf8)
      .split(separator: "\n").dropFirst(2)
    var mismatches = 0
    for (line, position) in zip(lines, positions) {
      let expected = String(format: "C  %16.8f %16.8f %16.8f", position.x, position.y, position.z)
      if line != expected { mismatches += 1 }
    }
    #expect(mismatches == 0 && lines.count == positions.count)
  }

  @Test("a file appears when it is finished and not before, and an older one stays until then")
  func atomic() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", as: "a.extxyz")
    do {
      var writer = try ExtendedXYZWriter(path: path)
      try writer.write(frame)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
    #expect(try folder.contents() == ["a.extxyz"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    var writer = try ExtendedXYZWriter(path: path)
    try writer.write(frame)
    try writer.finish()
    #expect(try ExtendedXYZReader.frames(contentsOf: path).count == 1)
    #expect(try folder.contents() == ["a.extxyz"])
  }

  @Test("a symbolic link is followed and stays a link")
  func symbolicLink() throws {
    let folder = try TemporaryFolder()
    let target = try folder.write("old", as: "target")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: target)
    try ExtendedXYZWriter.write([frame], to: folder.file("link"))
    #expect(try ExtendedXYZReader.frames(contentsOf: target).count == 1)
    let type = try FileManager.default.attributesOfItem(atPath: folder.file("link"))[.type]
    #expect(type as? FileAttributeType == .typeSymbolicLink)
  }

  @Test("a frame appended is in the file at once, also after the file was opened again")
  func appending() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("t.extxyz")
    for run in 0..<3 {
      var writer = try ExtendedXYZWriter(path: path, mode: .appending, numbers: .exact)
      #expect(writer.removedByteCount == 0)
      for frameInRun in 0..<2 {
        try writer.write(frame)
        let count = try ExtendedXYZReader.frames(contentsOf: path).count
        #expect(count == 2 * run + frameInRun + 1)
      }
      try writer.finish()
    }
  }

  @Test("half a frame at the end is removed when a file is opened for appending, wherever it ends")
  func recovery() throws {
    let folder = try TemporaryFolder()
    let small = ExtendedXYZFrame(
      species: ["H", "O"], positions: [.zero, SIMD3(1, 2, 3)], info: ["step": .integer(10)])
    try ExtendedXYZWriter.write([small, small], to: folder.file("two"))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("two"))))
    for length in 0...bytes.count {
      let path = try folder.write(Array(bytes.prefix(length)), as: "cut")
      var writer = try ExtendedXYZWriter(path: path, mode: .appending)
      let whole = length / (bytes.count / 2)
      #expect(writer.removedByteCount == length % (bytes.count / 2))
      try writer.write(small)
      try writer.finish()
      let frames = try ExtendedXYZReader.frames(contentsOf: path)
      #expect(frames == [ExtendedXYZFrame](repeating: small, count: whole + 1))
    }
  }

  @Test("a file of another kind is not appended to")
  func appendingToOther() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("important\nthings\n", as: "notes.txt")
    let error = #expect(throws: FileFormatError.self) {
      _ = try ExtendedXYZWriter(path: path, mode: .appending)
    }
    #expect(error?.kind == .malformed)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "important\nthings\n")
  }

  @Test("a full disk, a missing folder and a folder as target are errors of writing")
  func cannotWrite() throws {
    let folder = try TemporaryFolder()
    let frame = frame
    let full = #expect(throws: FileFormatError.self) {
      try ExtendedXYZWriter.write([frame], to: "/dev/full")
    }
    let appended = #expect(throws: FileFormatError.self) {
      var writer = try ExtendedXYZWriter(path: "/dev/full", mode: .appending)
      try writer.write(frame)
    }
    let missing = #expect(throws: FileFormatError.self) {
      try ExtendedXYZWriter.write([frame], to: folder.file("no/where"))
    }
    let isFolder = #expect(throws: FileFormatError.self) {
      try ExtendedXYZWriter.write([frame], to: folder.path)
    }
    for error in [full, appended, missing, isFolder] {
      #expect(error?.kind == .cannotWrite, "\(String(describing: error))")
    }
    #expect(full?.description.contains("No space left") == true)
    #expect(try folder.contents().isEmpty)
  }
}
