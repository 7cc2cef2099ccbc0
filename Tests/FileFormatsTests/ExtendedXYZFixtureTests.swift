import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("extended XYZ, compared with ASE")
struct ExtendedXYZFixtureTests {
  @Test(
    "what is read is what ASE reads",
    arguments: ["ase.extxyz", "ase-plain.xyz", "ase-vectors.xyz", "by-hand.extxyz"])
  func readsAsASE(name: String) throws {
    let document = try JSONParser.parse(fixtureBytes("extxyz/expected.json", in: .module))
    let expected = try #require(document[name]?.elements)
    let frames = try ExtendedXYZReader.frames(
      contentsOf: fixturePath("extxyz/\(name)", in: .module))
    #expect(frames.count == expected.count)
    for (index, (frame, expected)) in zip(frames, expected).enumerated() {
      let place = "frame \(index)"
      #expect(frame.species.map { .string($0) } == expected["symbols"]?.elements, "\(place)")
      #expect(described(frame.positions) == expected["positions"], "\(place)")
      let cell = frame.cell ?? [.zero, .zero, .zero]
      #expect(described(cell) == expected["cell"], "\(place)")
      #expect(.array(frame.periodic.map { .bool($0) }) == expected["pbc"], "\(place)")
      let info = try #require(expected["info"]?.members)
      #expect(Set(frame.info.names) == Set(info.map(\.key)), "\(place)")
      for (key, value) in info {
        let read = try #require(frame.info[key])
        #expect(try described(read, key: key).normalised == value.normalised, "\(place), \(key)")
      }
      let arrays = try #require(expected["arrays"]?.members)
      // ASE turns the mask into constraints.
      #expect(
        Set(frame.properties.names).subtracting(["move_mask"]) == Set(arrays.map(\.key)),
        "\(place)")
      for (key, value) in arrays {
        let read = try #require(frame.properties[key])
        #expect(described(read).normalised == value.normalised, "\(place), \(key)")
      }
    }
  }

  @Test("a file that ASE wrote, read and written again, is the same byte for byte")
  func sameBytes() throws {
    let path = try fixturePath("extxyz/ase.extxyz", in: .module)
    let folder = try TemporaryFolder()
    let copy = folder.file("copy.extxyz")
    try ExtendedXYZWriter.write(ExtendedXYZReader.frames(contentsOf: path), to: copy)
    let original = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let written = try String(contentsOfFile: copy, encoding: .utf8).split(separator: "\n")
    for (a, b) in zip(original, written) { #expect(a == b) }
    #expect(original.count == written.count)
  }

  @Test("masks of atoms that do not move are read as columns")
  func moveMask() throws {
    let frames = try ExtendedXYZReader.frames(
      contentsOf: fixturePath("extxyz/ase.extxyz", in: .module))
    let mask = try #require(frames[2].properties["move_mask"])
    #expect(mask.values == .bools([false, true, false, true, true, true, true, true]))
    #expect(frames[3].properties["move_mask"]?.columns == 3)
  }

  private func described(_ vectors: [SIMD3<Double>]) -> JSONValue {
    array([vectors.count, 3], vectors.flatMap { [$0.x, $0.y, $0.z] }.map { .real($0) })
  }

  private func array(_ shape: [Int], _ values: [JSONValue]) -> JSONValue {
    .object([("shape", .array(shape.map { .integer($0) })), ("values", .array(values))])
  }

  private func number(_ value: Double) -> JSONValue {
    value.isFinite ? .real(value) : .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }

  private func described(_ property: ExtendedXYZProperty) -> JSONValue {
    let values: [JSONValue] =
      switch property.values {
      case .strings(let values): values.map { .string($0) }
      case .reals(let values): values.map(number)
      case .integers(let values): values.map { .integer($0) }
      case .bools(let values): values.map { .bool($0) }
      }
    let shape = [property.atomCount] + (property.columns == 1 ? [] : [property.columns])
    return array(shape, values)
  }

  private func described(_ value: ExtendedXYZValue, key: String) throws -> JSONValue {
    switch value {
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return number(value)
    case .string(let value): return .string(value)
    case .bools(let values): return .array(values.map { .bool($0) })
    case .strings(let values): return .array(values.map { .string($0) })
    case .integers(let values): return array([values.count], values.map { .integer($0) })
    case .reals(let values): return array([values.count], values.map(number))
    case .matrix(let rows) where key == "stress":
      // ASE keeps six components: xx yy zz yz xz xy.
      let voigt = [rows[0].x, rows[1].y, rows[2].z, rows[1].z, rows[0].z, rows[0].y]
      return array([6], voigt.map(number))
    case .matrix(let rows): return described(rows)
    case .json(let text):
      let document = try JSONParser.parse(Array(text.utf8))
      guard let rows = document.elements else {
        return .object([
          ("json", .string(text.replacing(", ", with: ",").replacing(": ", with: ":")))
        ])
      }
      return array([rows.count, rows[0].elements?.count ?? 0], rows.flatMap { $0.elements ?? [] })
    }
  }
}

extension JSONValue {
  subscript(key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  var members: [(key: String, value: JSONValue)]? {
    if case .object(let members) = self { members } else { nil }
  }

  var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// With integers as reals, for comparisons in which the difference does not matter.
  var normalised: JSONValue {
    switch self {
    case .integer(let value): .real(Double(value))
    case .array(let elements): .array(elements.map(\.normalised))
    case .object(let members): .object(members.map { ($0.key, $0.value.normalised) })
    default: self
    }
  }
}
