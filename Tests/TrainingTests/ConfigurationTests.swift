import FileFormats
import TestSupport
import Testing
import Training

/// Configuration files: values, places, and what a message says.
struct ConfigurationTests {
  @Test("an unknown key is named with its line and the known key that it resembles")
  func unknownKey() throws {
    let node = try ConfigurationNode(
      yaml: "model:\n  cutoff: 4\n  chanels: 16\n", file: "train.yaml")
    let model = try #require(node["model"])
    let error = #expect(throws: FileFormatError.self) {
      try ConfigurationSection(model, keys: ["cutoff", "channels"])
    }
    #expect(error?.location == .line(3))
    #expect(error?.found == "unknown key 'model.chanels'")
    #expect(error?.expected == "'channels'")
  }

  @Test("scalars are read as what they are asked for, or refused with what was found")
  func scalars() throws {
    let node = try ConfigurationNode(
      yaml: "a: 1e-4\nb: \"12\"\nc: [1, 2]\nd: yes\ne: ~\n", file: "x.yaml")
    #expect(try node["a"]?.number() == 1e-4)
    #expect(try node["c"]?.list().map { try $0.integer() } == [1, 2])
    #expect(try node["d"]?.boolean() == true)
    #expect(node["e"]?.isNull == true)
    let error = #expect(throws: FileFormatError.self) { try node["b"]?.integer() }
    #expect(error?.location == .line(2))
    #expect(error?.description.contains("'b' is '12'") == true)
  }

  @Test("a text that is no YAML is an error with its line")
  func malformed() throws {
    let error = #expect(throws: FileFormatError.self) {
      try ConfigurationNode(yaml: "a: 1\nb: [1, 2\nc: 3\n", file: "x.yaml")
    }
    #expect(error?.kind == .malformed)
    guard case .line? = error?.location else {
      Issue.record("no line: \(String(describing: error))")
      return
    }
  }
}
