import FileFormats
import Foundation
import TestSupport
import Testing

/// Each reader meets damaged files: it returns a value or throws `FileFormatError`, and holds no
/// more memory than a small multiple of the file.
///
/// `CLEBSCH_FUZZ_ITERATIONS=1000000` is the long form.
@Suite("damaged files", .serialized)
struct FuzzTests {
  private let iterations = fuzzIterations(default: 4000)

  /// What the largest of these small files may cost, with room for what other tests do meanwhile.
  private static let greatestMemoryGrowth = 512 << 20

  /// Feeds mutated inputs to a reader; the first failure ends the test and shows its input.
  private func fuzz(
    _ seeds: [[UInt8]], words: [String], seed: UInt64,
    wrapping wrap: ([UInt8]) -> [UInt8] = { $0 }, _ read: ([UInt8]) throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var mutator = Mutator(seeds: seeds, words: words.map { Array($0.utf8) }, seed: seed)
    let memory = peakMemory()
    var valueCount = 0
    for iteration in 0..<iterations {
      let input = wrap(mutator.next())
      do {
        try read(input)
        valueCount += 1
      } catch let error as FileFormatError {
        if error.description.split(separator: "\n").count <= 2 { continue }
        Issue.record("a long message: \(error)", sourceLocation: sourceLocation)
        return
      } catch {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-input")
        try? Data(input).write(to: file)
        Issue.record(
          "iteration \(iteration) threw \(error); the input is in \(file.path)",
          sourceLocation: sourceLocation)
        return
      }
    }
    // Damage so small or so great that the readers are never in doubt would test little.
    #expect(
      iterations < 1000 || (valueCount > 0 && valueCount < iterations),
      "\(valueCount) of \(iterations) inputs were readable", sourceLocation: sourceLocation)
    #expect(peakMemory() - memory < Self.greatestMemoryGrowth, sourceLocation: sourceLocation)
  }

  /// The greatest resident memory of this process so far, in bytes; 0 where it is not known.
  private func peakMemory() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes << 10
  }

  private func withLength(_ header: [UInt8], data: Int) -> [UInt8] {
    little(header.count, 8) + header + [UInt8](repeating: 1, count: data)
  }

  private func readSafetensors(_ bytes: [UInt8]) throws {
    for tensor in try SafetensorsFile(data: bytes, name: "fuzz").tensors.values {
      _ = try? tensor.doubles()
      _ = try? tensor.integers()
    }
  }

  @Test("safetensors, whole files")
  func safetensorsFiles() throws {
    let folder = try TemporaryFolder()
    try SafetensorsFile.write(
      [
        ("a", TensorData(doubles: [1, 2, 3, 4, 5, 6], shape: [2, 3])),
        ("b", TensorData(integers: [7])),
      ], metadata: ["k": "v"], to: folder.file("a"))
    let small = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("a"))))
    try fuzz(
      [small, fixtureBytes("torch/everything.safetensors", in: .module)],
      words: ["\"dtype\"", "F16", "[", "{", "\"shape\":[0]"], seed: 1, readSafetensors)
  }

  @Test("safetensors, headers of the right length")
  func safetensorsHeaders() throws {
    let header = """
      {"__metadata__":{"x":"y"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
      "b":{"dtype":"I64","shape":[],"data_offsets":[24,32]},\
      "c":{"dtype":"U8","shape":[0,5],"data_offsets":[32,32]}}
      """
    fuzz(
      [Array(header.utf8)], words: ["\\u00e9", "-", "9223372036854775807", "null", "[[", "1e5"],
      seed: 2, wrapping: { withLength($0, data: 32) }, readSafetensors)
  }

  private func readCheckpoint(_ bytes: [UInt8]) throws {
    let checkpoint = try TorchCheckpoint(data: bytes, name: "fuzz")
    var pending = [checkpoint.root]
    // Shared objects may make the tree far larger than the file: look at a part of it.
    var visited = 0
    while let value = pending.popLast(), visited < 10_000 {
      visited += 1
      switch value {
      case .list(let elements), .tuple(let elements): pending += elements.prefix(1000)
      case .dictionary(let dictionary): pending += dictionary.entries.prefix(1000).map(\.value)
      case .tensor(let reference): _ = try checkpoint.tensor(reference)
      case .numpyArray(let array): _ = try? array.doubles()
      default: break
      }
    }
  }

  @Test("PyTorch checkpoints, whole files")
  func checkpointFiles() throws {
    let small = StoredZip(entries: [
      .init(name: "x/data.pkl", data: [0x80, 2] + Array("]q\u{1}(K\u{7}NX\u{2}\0\0\0abe.".utf8)),
      .init(name: "x/byteorder", data: Array("little".utf8)),
    ])
    var zip64 = small
    zip64.isZip64 = true
    try fuzz(
      [small.bytes, zip64.bytes, fixtureBytes("torch/everything.pth", in: .module)],
      words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}"],
      seed: 3, readCheckpoint)
  }

  @Test("PyTorch checkpoints, pickles with a right checksum")
  func checkpointPickles() throws {
    let bytes = try fixtureBytes("torch/everything.pth", in: .module)
    let archive = try ZipArchive(ByteSource(bytes, name: "everything"))
    let entries = try archive.entries.map {
      StoredZip.Entry(name: $0.name, data: try archive.read($0))
    }
    let pickle = try #require(entries.first { $0.name == "everything/data.pkl" })
    let others = entries.filter { $0.name != pickle.name }
    let words = [
      "cposix\nsystem\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ccollections\nOrderedDict\n)R",
      "cnumpy\ndtype\n", "c_codecs\nencode\n", "(", "t", "}", "]", "a", "e", "s", "u", "R", "b",
      "Q", "N", "0", "\u{8A}\u{1}", "X\u{1}\0\0\0a", "h\u{1}", "q\u{1}", ")", ".",
    ]
    fuzz(
      [pickle.data], words: words, seed: 4,
      wrapping: { StoredZip(entries: [.init(name: pickle.name, data: $0)] + others).bytes },
      readCheckpoint)
  }

  @Test("extended XYZ: what is read can be written, and is read back the same")
  func extendedXYZ() throws {
    let seeds = try ["ase.extxyz", "ase-vectors.xyz", "by-hand.extxyz"].flatMap { name in
      let bytes = try fixtureBytes("extxyz/\(name)", in: .module)
      // The first frames are enough: a long file hides what follows its first error.
      return [bytes, Array(bytes.prefix(900))]
    }
    let words = [
      "\n", "\r\n", "=", "\"", "'", "\\", "{", "[", " ", "Lattice=", "Properties=", ":R:3", "pbc=T",
      "_JSON [1]", "VEC1 1 2 3\n", "nan", "1e999", "-0", "T", "0\n\n", "\0", "\u{FEFF}", "é", "#",
      "species:S:1:pos:R:3:", "stress=\"1 2 3 4 5 6 7 8 9\"", "uid=",
    ]
    fuzz(seeds, words: words, seed: 6) { bytes in
      var reader = ExtendedXYZReader(data: bytes, name: "fuzz")
      while let frame = try reader.next() {
        let encoded = frame.encoded(.exact)
        var second = ExtendedXYZReader(data: encoded, name: "encoded")
        let again = try second.next()
        guard again?.encoded(.exact) == encoded else {
          throw Changed(text: String(decoding: encoded, as: UTF8.self))
        }
      }
    }
  }

  private struct Changed: Error {
    var text: String
  }
}
