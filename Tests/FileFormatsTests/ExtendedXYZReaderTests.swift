import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("extended XYZ, reading")
struct ExtendedXYZReaderTests {
  private func frames(_ text: String) throws -> [ExtendedXYZFrame] {
    var reader = ExtendedXYZReader(data: Array(text.utf8), name: "test.extxyz")
    var frames: [ExtendedXYZFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return frames
  }

  /// The value that a comment gives the key `k`.
  private func value(_ comment: String) throws -> ExtendedXYZValue? {
    try frames("1\n\(comment)\nH 0 0 0\n").first?.info["k"]
  }

  @Test("lattice vectors are the rows of the cell, and a cell without pbc is periodic")
  func lattice() throws {
    let frame = try frames("1\nLattice=\"1 2 3 4 5 6 7 8 9\"\nH 0 0 0\n")[0]
    #expect(frame.cell == [SIMD3(1, 2, 3), SIMD3(4, 5, 6), SIMD3(7, 8, 9)])
    #expect(frame.periodic == [true, true, true])
    #expect(frame.info.isEmpty)
    #expect(try frames("1\n\nH 0 0 0\n")[0].periodic == [false, false, false])
    for pbc in ["\"T F T\"", "[true, False, TRUE]", "{1 0 1}"] {
      let frame = try frames("1\npbc=\(pbc)\nH 0 0 0\n")[0]
      #expect(frame.periodic == [true, false, true])
      #expect(frame.cell == nil)
    }
  }

  @Test("nine numbers under stress and virial are a matrix, column by column; six stay a list")
  func matrices() throws {
    let info = try frames("1\nvirial=\"1 2 3 4 5 6 7 8 9\" stress=\"1 2 3 4 5 6\"\nH 0 0 0\n")[0]
      .info
    #expect(info["virial"]?.matrixValue == [SIMD3(1, 4, 7), SIMD3(2, 5, 8), SIMD3(3, 6, 9)])
    #expect(info["stress"] == .integers([1, 2, 3, 4, 5, 6]))
  }

  @Test("quotes, escapes and blanks around '=' are understood")
  func quoting() throws {
    #expect(try value(#"k="a \"b\" c""#) == .string(#"a "b" c"#))
    #expect(try value("k='x \"y\" z'") == .string("x \"y\" z"))
    #expect(try value("k={a [b}") == .string("a [b"))
    #expect(try value(#"k=a\ b"#) == .string("a b"))
    #expect(try value(#"k="back\\slash""#) == .string(#"back\slash"#))
    #expect(try value("k = 5") == .integer(5))
    #expect(try value("k =5 j= 6") == .integer(5))
    #expect(try value("k=\"\" j=6") == .string(""))
    #expect(try value("k=") == .string(""))
    #expect(try value("k") == .bool(true))
    #expect(try value("k j=1") == .bool(true))
    #expect(try value("\"k\"=2") == .integer(2))
    #expect(try value("k=1 k=2") == .integer(2))
    #expect(try value("k=\"never closed") == .string("never closed"))
    #expect(try value("\tk=1\tj=2  ") == .integer(1))
  }

  @Test("a value has the type that its text suggests")
  func types() throws {
    #expect(try value("k=9223372036854775807") == .integer(.max))
    #expect(try value("k=9223372036854775808") == .real(9_223_372_036_854_775_808))
    #expect(try value("k=1.5D+01") == .real(15))
    #expect(try value("k=1d2") == .string("1d2"))
    #expect(try value("k=inf") == .real(.infinity))
    #expect(try value("k=\"1 2.5\"") == .reals([1, 2.5]))
    #expect(try value("k=\"1 2 x\"") == .string("1 2 x"))
    #expect(try value("k=\"T F\"") == .bools([true, false]))
    #expect(try value("k=\"t f\"") == .string("t f"))
    #expect(try value("k=0x10") == .string("0x10"))
    #expect(try value("k=\"_JSON [1.5, 2]\"") == .reals([1.5, 2]))
    #expect(try value("k=\"_JSON [true]\"") == .bools([true]))
    #expect(try value("k=\"_JSON null\"") == .json("null"))
    #expect(try value("k=\"_JSON \\\"7\\\"\"") == .string("7"))
    #expect(try value("k=\"_JSON [NaN, -Infinity]\"")?.realValues?[1] == -.infinity)
  }

  @Test("columns of every kind are read, in any order")
  func columns() throws {
    let frame = try frames(
      """
      2
      Properties=tag:I:1:pos:R:3:ok:L:2:forces:R:3:Z:I:1:name:S:1
      -1 0 1 2 T F 3 4 5 8 first
      +2 9 8 7 True False 6 5 4 1 second

      """)[0]
    #expect(frame.species == ["O", "H"])
    #expect(frame.positions == [SIMD3(0, 1, 2), SIMD3(9, 8, 7)])
    #expect(frame.properties.names == ["tag", "ok", "forces", "name"])
    #expect(frame.properties["tag"]?.values == .integers([-1, 2]))
    #expect(frame.properties["ok"]?.values == .bools([true, false, true, false]))
    #expect(frame.properties["forces"]?.vectors == [SIMD3(3, 4, 5), SIMD3(6, 5, 4)])
    #expect(frame.properties["name"]?.values == .strings(["first", "second"]))
  }

  @Test("Windows line ends, a byte order mark, blank lines and a missing last line end do no harm")
  func lineEnds() throws {
    let text = "1\r\nk=1\r\nH 1 2 3\r\n\r\n  \r\n1\r\n\r\nHE 4 5 6"
    let frames = try frames("\u{FEFF}" + text)
    #expect(frames.map(\.species) == [["H"], ["He"]])
    #expect(frames[0].info["k"] == .integer(1))
    #expect(frames[1].positions == [SIMD3(4, 5, 6)])
  }

  @Test("the reader knows on which line the latest frame begins")
  func frameLine() throws {
    var reader = ExtendedXYZReader(
      data: Array("1\n\nH 0 0 0\n\n2\n\nH 0 0 0\nH 0 0 1\n".utf8), name: "t")
    _ = try reader.next()
    #expect(reader.frameLine == 1)
    _ = try reader.next()
    #expect(reader.frameLine == 5)
  }

  @Test("numbers that are none are values: the caller decides about them")
  func notNumbers() throws {
    let frame = try frames("2\n\nH nan -inf 1D3\nH +NaN Infinity -1.5d-1\n")[0]
    #expect(frame.positions[0].x.isNaN && frame.positions[1].x.isNaN)
    #expect(frame.positions[0].y == -.infinity && frame.positions[1].y == .infinity)
    #expect(frame.positions[0].z == 1000 && frame.positions[1].z == -0.15)
  }

  @Test("a frame of no atoms is a frame")
  func noAtoms() throws {
    #expect(try frames("0\nLattice=\"1 0 0 0 1 0 0 0 1\"\n").map(\.atomCount) == [0])
    #expect(try frames("0\n\n0\n\n").count == 2)
  }

  @Test(
    "a malformed file is an error that names the line, what was found and what was expected",
    arguments: [
      ("abc\n", 1, "'abc'", "number of atoms"),
      ("-1\n\n", 1, "'-1'", "number of atoms"),
      ("1.0\n\nH 0 0 0\n", 1, "'1.0'", "number of atoms"),
      ("1 2\n\nH 0 0 0\n", 1, "'1 2'", "number of atoms"),
      ("99999999999999999999\n", 1, "'99999999999999999999'", "number of atoms"),
      ("2\n\nH 0 0 0\n", 1, "after 1 of the 2 atoms", "whole frame"),
      ("9223372036854775807\n\nH 0 0 0\n", 1, "after 1 of the 9223372036854775807", "whole frame"),
      ("1\n", 1, "after 0 of the 1", "whole frame"),
      ("1\n\nH 0 0\n", 3, "the row has 3 columns", "4: species:S:1:pos:R:3"),
      ("1\n\nH 0 x 0\n", 3, "'x' in column 2 of 'pos'", "a real number"),
      ("1\n\nH 0 ***** 0\n", 3, "'*****'", "a real number"),
      (
        "1\nProperties=species:S:1:pos:R:3:a:I:1\nH 0 0 0 1.5\n", 3, "'1.5' in column of 'a'",
        "an integer"
      ),
      ("1\nProperties=species:S:1:pos:R:3:a:L:1\nH 0 0 0 2\n", 3, "'2' in column of 'a'", "T or F"),
      ("1\nProperties=Z:I:1:pos:R:3\n200 0 0 0\n", 3, "atomic number 200", "0 to 118"),
      ("1\nProperties=pos:R:3\n0 0 0\n", 2, "neither species nor Z", "species:S:1"),
      ("1\nProperties=species:S:1\nH\n", 2, "no pos", "pos:R:3"),
      ("1\nProperties=species:S:1:pos:I:3\nH 0 0 0\n", 2, "pos:I:3", "pos:R:3"),
      ("1\nProperties=species:S:1:pos:R:3:x\nH 0 0 0\n", 2, "7 fields", "name:kind:columns"),
      ("1\nProperties=species:S:1:pos:R:3:x:Q:1\nH 0 0 0\n", 2, "'Q'", "S, R, I or L"),
      ("1\nProperties=species:S:1:pos:R:3:x:R:0\nH 0 0 0\n", 2, "'0' columns", "from 1"),
      ("1\nProperties=species:S:1:pos:R:3:x:R:99999999\nH 0 0 0\n", 2, "columns", "from 1"),
      ("1\nProperties=species:S:1:pos:R:3:pos:R:3\nH 0 0 0\n", 2, "'pos' twice", "distinct"),
      ("1\nLattice=\"1 2 3\"\nH 0 0 0\n", 2, "Lattice is '1 2 3'", "nine numbers"),
      ("1\nLattice=\"1 2 3 4 5 6 7 8 x\"\nH 0 0 0\n", 2, "Lattice is", "nine numbers"),
      ("1\npbc=\"T F\"\nH 0 0 0\n", 2, "pbc is 'T F'", "three of T and F"),
      ("1\nk=\"_JSON {\"\nH 0 0 0\n", 2, "'k' is no JSON", "JSON"),
      ("1\n\nH 0 0 0\nHello\n", 4, "'Hello'", "number of atoms"),
      ("1\n\nH 0 0 0\nVEC2 1 2 3\n", 4, "'VEC2 1 2 3'", "VEC1 and three numbers"),
      ("1\n\nH 0 0 0\nVEC1 1 2\n", 4, "'VEC1 1 2'", "VEC1 and three numbers"),
    ])
  func malformed(text: String, line: Int, found: String, expected: String) throws {
    let error = try #require(throws: FileFormatError.self) { try frames(text) }
    #expect(error.kind == .malformed && error.location == .line(line), "\(error)")
    #expect(error.found.contains(found) && error.expected.contains(expected), "\(error)")
    #expect(error.description.split(separator: "\n").count <= 2)
  }

  @Test("a description of many columns costs no more than its length")
  func manyColumns() throws {
    let million = (0..<1000).map { ":a\($0):R:1048576" }.joined()
    #expect(throws: FileFormatError.self) {
      try frames("0\nProperties=species:S:1:pos:R:3\(million)\n")
    }
    let names = (0..<50_000).map { ":a\($0):R:1" }.joined()
    let frame = try frames("0\nProperties=species:S:1:pos:R:3\(names)\n")[0]
    #expect(frame.properties.count == 50_000)
  }

  @Test("control characters of a file do not reach the terminal")
  func controlCharacters() throws {
    let error = try #require(throws: FileFormatError.self) { try frames("\u{1B}[31mred\n") }
    #expect(error.description.contains("'\\u{1b}[31mred'"))
  }

  @Test("a missing file, a folder and an empty file are told apart")
  func badFiles() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileFormatError.self) {
      try ExtendedXYZReader.frames(contentsOf: folder.file("missing.xyz"))
    }
    #expect(missing?.kind == .notFound)
    let isFolder = #expect(throws: FileFormatError.self) {
      try ExtendedXYZReader.frames(contentsOf: folder.path)
    }
    #expect(isFolder?.kind == .unreadable)
    let empty = try folder.write(" \n\n", as: "empty.xyz")
    let isEmpty = #expect(throws: FileFormatError.self) {
      try ExtendedXYZReader.frames(contentsOf: empty)
    }
    #expect(isEmpty?.kind == .malformed && isEmpty?.found.contains("empty") == true)
  }

  @Test("frames that straddle the pieces in which a file is read are whole")
  func streaming() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 5)
    // About 5 MB, with frames of very different lengths and one line longer than a piece.
    var written: [ExtendedXYZFrame] = []
    for index in 0..<400 {
      let count = Int.random(in: 1...400, using: &generator)
      let positions = (0..<count).map { _ in
        SIMD3(generator.normal(), generator.normal(), generator.normal())
      }
      var frame = ExtendedXYZFrame(
        species: [String](repeating: index % 2 == 0 ? "Si" : "C", count: count),
        positions: positions, info: ["index": .integer(index)])
      if index == 200 { frame.info["long"] = .reals(generator.normals(100_000)) }
      written.append(frame)
    }
    let path = folder.file("long.extxyz")
    try ExtendedXYZWriter.write(written, to: path, numbers: .exact)
    var reader = try ExtendedXYZReader(path: path)
    for frame in written { #expect(try reader.next() == frame) }
    #expect(try reader.next() == nil)
  }
}
