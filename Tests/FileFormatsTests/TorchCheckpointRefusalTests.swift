import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("PyTorch checkpoints that are refused")
struct TorchCheckpointRefusalTests {
  private func problem(_ bytes: [UInt8]) -> FileFormatError? {
    #expect(throws: FileFormatError.self) { try TorchCheckpoint(data: bytes, name: "test.pth") }
  }

  /// A pickle that ends properly, given the opcodes between the ends.
  private func pickle(_ body: [UInt8]...) -> [UInt8] {
    [0x80, 2] + body.flatMap { $0 } + [UInt8(ascii: ".")]
  }

  private func text(_ text: String) -> [UInt8] {
    Array(text.utf8)
  }

  private func string(_ content: String) -> [UInt8] {
    text("X") + little(content.utf8.count, 4) + text(content)
  }

  private func integer(_ value: Int) -> [UInt8] {
    text("J") + little(value, 4)
  }

  /// A tensor over storage 0.
  private func tensor(
    count: Int, offset: Int = 0, shape: [Int], strides: [Int], storage: String = "0"
  ) -> [UInt8] {
    let storage =
      text("(") + string("storage") + text("ctorch\nFloatStorage\n") + string(storage)
      + string("cpu") + integer(count) + text("tQ")
    let view = integer(offset) + text("(") + shape.flatMap(integer) + text("t(")
    return text("ctorch._utils\n_rebuild_tensor_v2\n(") + storage + view
      + strides.flatMap(integer) + text("t") + [0x89] + text("}tR")
  }

  @Test(
    "a pickle that asks for anything but tensors and plain values is refused by name",
    arguments: [
      ("os-system.pth", "'posix.system' (os.system)"), ("own-class.pth", "'__main__.OfItsOwn'"),
      ("module.pth", "'torch.nn.modules.linear.Linear'"), ("protocol-4.pth", "protocol 4"),
      ("legacy.pth", "before version 1.6"),
    ])
  func refusedFixture(name: String, message: String) throws {
    let mark = "/tmp/clebsch-was-here"
    try? FileManager.default.removeItem(atPath: mark)
    let bytes = try fixtureBytes("torch/\(name)", in: .module)
    let error = try #require(problem(bytes))
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.split(separator: "\n").count <= 2)
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test(
    "a name is refused whichever way it is reached",
    arguments: [
      "os\nsystem", "builtins\neval", "__builtin__\neval", "builtins\ngetattr", "subprocess\nPopen",
      "torch\nload", "collections\nOrderedDict.__class__", "torch._utils\n_rebuild_tensor_v2 ",
    ])
  func refusedGlobal(name: String) throws {
    let body = text("c\(name)\n") + string("touch /tmp/clebsch-was-here") + [0x85] + text("R")
    let error = try #require(problem(StoredZip.checkpoint(pickle(body))))
    let shown = name.replacing("\n", with: ".")
    #expect(error.description.contains("'\(shown)'"), "\(error)")
  }

  @Test("every opcode outside the list is refused by its code and its place")
  func unknownOpcodes() throws {
    let known: Set<UInt8> = [
      0x80, 0x2E, 0x28, 0x4E, 0x88, 0x89, 0x4A, 0x4B, 0x4D, 0x8A, 0x47, 0x58, 0x5D, 0x29, 0x7D,
      0x74, 0x85, 0x86, 0x87, 0x71, 0x72, 0x68, 0x6A, 0x61, 0x65, 0x73, 0x75, 0x63, 0x52, 0x62,
      0x51,
    ]
    for code in UInt8.min ... .max where !known.contains(code) {
      let error = try #require(problem(StoredZip.checkpoint(pickle(text("N"), [code]))))
      #expect(error.description.contains("0x\(String(code, radix: 16)) at byte 3"), "\(error)")
    }
  }

  @Test("pickles that break the machine's rules are errors")
  func brokenPickles() throws {
    let cases: [([UInt8], String)] = [
      ([], "ends"), ([0x80, 2, UInt8(ascii: ".")], "where there is none"),
      (pickle(text("NN")), "left over"), (pickle(text("(N")), "left over"),
      (pickle(text("t")), "did not open"), (pickle(text("Nh"), [7]), "value 7"),
      (pickle(text("NNa")), "no list"), (pickle(text("NNNs")), "no dictionary"),
      (pickle(text("}(Nu")), "without a value"), (pickle(text("}]Ns")), "as keys"),
      (pickle(text("N)R")), "calls a value"), (pickle(text("NNb")), "plain value"),
      (pickle(text("]Nb")), "has none"), (pickle(text("X"), little(-1, 4)), "4294967295 more"),
      (pickle(text("X"), little(1, 4), [0xFF]), "UTF-8"),
      (pickle(text("c") + [UInt8](repeating: 65, count: 400)), "without an end"),
      (pickle(text("NQ")), "no tuple"), (pickle(text(")Q")), "unknown form"),
      (pickle([0x8A, 9] + [UInt8](repeating: 1, count: 9)), "9 bytes"),
      (pickle(text("ccollections\nOrderedDict\n")), "keeps a type"),
      (pickle(text("ccollections\nOrderedDict\nN"), [0x85], text("R")), "1 arguments"),
      (pickle(text("]q"), [0], text("h"), [0], text("a")), "contains itself"),
      (
        pickle(text(String(repeating: "]", count: 100) + String(repeating: "a", count: 99))), "deep"
      ),
      (pickle([UInt8](repeating: 0x5D, count: (1 << 20) + 1)), "too many values"),
      (pickle([UInt8](repeating: 0x28, count: (1 << 20) + 1)), "too many groups"),
      (
        pickle(text("c_codecs\nencode\n"), string("é€"), string("latin1"), [0x86], text("R")),
        "8364"
      ),
      (
        pickle(text("c_codecs\nencode\n"), string("a"), string("utf8"), [0x86], text("R")),
        "unknown"
      ),
    ]
    for (bytes, message) in cases {
      let error = try #require(problem(StoredZip.checkpoint(bytes)))
      #expect(error.description.contains(message), "\(message): \(error)")
    }
  }

  @Test("copying the same bytes again and again is refused before memory fills")
  func amplification() throws {
    let megabyte = string(String(repeating: "x", count: 1 << 20))
    let setUp =
      text("(c_codecs\nencode\nq") + [0] + megabyte + text("q") + [1] + string("latin1") + text("q")
      + [2]
    let copy: [UInt8] = text("h") + [0] + text("h") + [1] + text("h") + [2, 0x86] + text("R")
    let body = setUp + [[UInt8]](repeating: copy, count: 100_000).joined() + text("t")
    let error = try #require(problem(StoredZip.checkpoint(pickle(body))))
    #expect(error.description.contains("again and again"))
  }

  @Test("lists that grow beyond all measure are refused")
  func parts() throws {
    // Five million elements, a thousand at a time, from a pickle of as many bytes.
    let batch: [UInt8] = text("(") + [UInt8](repeating: UInt8(ascii: "N"), count: 1000) + text("e")
    let body = text("]") + [[UInt8]](repeating: batch, count: 5000).joined()
    let error = try #require(problem(StoredZip.checkpoint(pickle(body))))
    #expect(error.description.contains("too many values"))
  }

  @Test("a list that holds one list twice, and so on forty times, costs no more than its bytes")
  func sharing() throws {
    var body = text("]q") + [0]
    for level in 1...40 {
      body += text("]q") + [UInt8(level)] + text("h") + [UInt8(level - 1)] + text("ah")
      body += [UInt8(level - 1)] + text("a")
    }
    body = text("(") + body + text("t")
    let bytes = StoredZip.checkpoint(pickle(body))
    let checkpoint = try TorchCheckpoint(data: bytes, name: "t")
    #expect(checkpoint.root.elements?.count == 41)
  }

  @Test("a key that is set twice keeps its place and has the last value, as in Python")
  func repeatedKeys() throws {
    let items = string("a") + integer(1) + string("b") + integer(2) + string("a") + integer(3)
    let bytes = StoredZip.checkpoint(pickle(text("}(") + items + text("u")))
    let root = try #require(try TorchCheckpoint(data: bytes, name: "t").root.dictionaryValue)
    #expect(root.stringKeys == ["a", "b"])
    #expect(root.entries.map(\.value.integerValue) == [3, 2])
  }

  @Test("a tensor that reaches outside its storage is refused")
  func tensorBounds() throws {
    let storages = [[UInt8](repeating: 0, count: 24)]
    let cases: [([UInt8], String)] = [
      (tensor(count: 6, shape: [7], strides: [1]), "beyond its 6 stored elements"),
      (tensor(count: 6, offset: 1, shape: [2, 3], strides: [3, 1]), "beyond"),
      (tensor(count: 6, offset: -1, shape: [2], strides: [1]), "impossible"),
      (tensor(count: 6, shape: [-2], strides: [1]), "impossible"),
      (tensor(count: 6, shape: [2], strides: [-1]), "impossible"),
      (tensor(count: 6, shape: [2, 2], strides: [1]), "impossible"),
      (tensor(count: 6, shape: [1 << 30, 1 << 30, 1 << 30], strides: [0, 0, 0]), "impossible"),
      (tensor(count: 6, shape: [1 << 30], strides: [0]), "too often"),
      (tensor(count: 6, shape: [Int](repeating: 1, count: 70), strides: [1]), "70 dimensions"),
      (tensor(count: 7, shape: [1], strides: [1]), "24 bytes for 7 elements"),
      (tensor(count: -1, shape: [1], strides: [1]), "24 bytes for -1 elements"),
      (tensor(count: 5, shape: [1], strides: [1]), "24 bytes for 5 elements"),
      (tensor(count: 6, shape: [1], strides: [1], storage: "../data.pkl"), "missing"),
    ]
    for (body, message) in cases {
      let error = try #require(problem(StoredZip.checkpoint(pickle(body), storages: storages)))
      #expect(error.description.contains(message), "\(message): \(error)")
    }
    let good = tensor(count: 6, offset: 1, shape: [2, 2], strides: [1, 3])
    let bytes = StoredZip.checkpoint(pickle(good), storages: storages)
    let checkpoint = try TorchCheckpoint(data: bytes, name: "t")
    #expect(try checkpoint.tensor(#require(checkpoint.root.tensorReference)).shape == [2, 2])
  }

  @Test("a damaged zip archive is refused with what is wrong with it")
  func damagedArchives() throws {
    let good = StoredZip.Entry(name: "x/data.pkl", data: pickle(text("N")))
    func archive(_ change: (inout StoredZip) -> Void) -> [UInt8] {
      var zip = StoredZip(entries: [good])
      change(&zip)
      return zip.bytes
    }
    #expect(try TorchCheckpoint(data: archive { _ in }, name: "t").root.isNone)
    #expect(try TorchCheckpoint(data: archive { $0.isZip64 = true }, name: "t").root.isNone)
    #expect(try TorchCheckpoint(data: archive { $0.comment = [1, 2] }, name: "t").root.isNone)
    let cases: [([UInt8], String)] = [
      ([], "empty"), (text("hello"), "'hello'"),
      (Array(archive { _ in }.prefix(60)), "truncated"),
      (archive { $0.entries[0].method = 8 }, "compressed (zip method 8)"),
      (archive { $0.entries[0].flags = 1 }, "encrypted"),
      (archive { $0.entries[0].checksumError = 1 }, "checksum"),
      (archive { $0.entries[0].claimedCount = 1 << 20 }, "do not fit"),
      (archive { $0.entries[0].claimedOffset = 1 }, "no local header"),
      (archive { $0.entries[0].claimedOffset = 1 << 30 }, "outside"),
      (archive { $0.claimedDirectoryOffset = 1 << 30 }, "claims"),
      (archive { $0.claimedDirectoryOffset = 0 }, "no entry of the zip directory"),
      (archive { $0.entries = [] }, "0 entries 'data.pkl'"),
      (archive { $0.entries.append($0.entries[0]) }, "two entries 'x/data.pkl'"),
      (archive { $0.entries.append(.init(name: "y/data.pkl", data: [])) }, "2 entries"),
      (archive { $0.entries.append(.init(name: "x/byteorder", data: text("big"))) }, "'big'"),
      (
        archive {
          $0.isZip64 = true
          $0.entries[0].claimedCount = .max
        }, "9223372036854775807 bytes"
      ),
      (
        archive {
          $0.isZip64 = true
          $0.claimedDirectoryOffset = -1
        }, "claims"
      ),
    ]
    for (bytes, message) in cases {
      let error = try #require(problem(bytes))
      #expect(error.kind == .malformed)
      #expect(error.description.contains(message), "\(message): \(error)")
    }
  }

  @Test("damage to a storage is noticed when it is read, and only then")
  func damagedStorage() throws {
    let body = pickle(tensor(count: 1, shape: [1], strides: [1]))
    var bytes = StoredZip.checkpoint(body, storages: [[1, 2, 3, 4]])
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: [1, 2, 3, 4]) })
    bytes[place] = 9
    let checkpoint = try TorchCheckpoint(data: bytes, name: "t")
    let reference = try #require(checkpoint.root.tensorReference)
    let error = #expect(throws: FileFormatError.self) { try checkpoint.tensor(reference) }
    #expect(error?.description.contains("x/data/0") == true)
  }

  @Test("every truncation of a checkpoint is an error")
  func truncations() throws {
    let bytes = try fixtureBytes("torch/everything.pth", in: .module)
    for count in 0..<bytes.count {
      #expect(throws: FileFormatError.self) {
        try TorchCheckpoint(data: Array(bytes.prefix(count)), name: "t")
      }
    }
  }
}
