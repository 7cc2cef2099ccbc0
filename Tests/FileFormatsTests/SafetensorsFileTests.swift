import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("safetensors")
struct SafetensorsFileTests {
  /// A file with the given header and data; the length stands before it unless another is given.
  private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 7, count: data)
  }

  private func problem(_ bytes: [UInt8]) -> FileFormatError? {
    #expect(throws: FileFormatError.self) {
      try SafetensorsFile(data: bytes, name: "test.safetensors")
    }
  }

  @Test("a file written is read back: tensors, order, metadata")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    let tensors: [(String, TensorData)] = [
      (
        "z",
        TensorData(doubles: [1, -0.0, .infinity, Double.leastNonzeroMagnitude], shape: [2, 2])
      ),
      ("a \"quoted\" ü\n", TensorData(floats: [1.5, -2.25, 0.1])),
      ("empty", TensorData(floats: [], shape: [3, 0, 2])),
      ("scalar", TensorData(integers: [Int.min], shape: [])),
      ("mask", TensorData(shape: [3], elementType: .bool, bytes: [0, 1, 1])),
    ]
    try SafetensorsFile.write(tensors, metadata: ["format": "x", "note": "a\\b"], to: path)
    let read = try SafetensorsFile(contentsOf: path)
    #expect(Set(read.names) == Set(tensors.map(\.0)))
    #expect(read.names.first == "z")
    for (name, tensor) in tensors { #expect(read.tensors[name] == tensor) }
    #expect(read.metadata == ["format": "x", "note": "a\\b"])
    #expect(try folder.contents() == ["a.safetensors"])
  }

  @Test("a file written by the reference implementation is read")
  func referenceFile() throws {
    let read = try fixture("small.safetensors", in: .module)
    #expect(try read.tensor("in/shift").shape == [54, 3])
    #expect(try read.tensor("in/atomic_numbers").integers().allSatisfy([1, 6, 8].contains))
    let features = try read.doubles("f/0_convolution")
    #expect(features.count == 5 * 36 && features.allSatisfy(\.isFinite))
  }

  @Test("a tensor that is not there is an error that names some that are")
  func missingTensor() throws {
    let file = try fixture("small.safetensors", in: .module)
    let error = #expect(throws: FileFormatError.self) { try file.tensor("in/nothing") }
    #expect(error?.description.contains("'in/nothing'") == true)
    #expect(error?.description.contains("'in/shift'") == true)
  }

  @Test("an empty file of tensors is valid")
  func noTensors() throws {
    #expect(try SafetensorsFile(data: file("{}"), name: "t").names.isEmpty)
    #expect(try SafetensorsFile(data: file("{}   "), name: "t").names.isEmpty)
  }

  @Test("tensors need not stand in the header in the order of their bytes")
  func orderOfOffsets() throws {
    let header = """
      {"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},\
      "a":{"dtype":"I16","shape":[1],"data_offsets":[0,2]}}
      """
    let read = try SafetensorsFile(data: file(header, data: 3), name: "t")
    #expect(read.names == ["a", "b"])
    #expect(try read.tensors["a"]?.integers() == [0x0707])
  }

  @Test(
    "a header that breaks a rule is refused with a message that names it",
    arguments: [
      ("[]", 0, "'{'"),
      (" {}", 0, "'{'"),
      ("{", 0, "not JSON"),
      ("{} x", 0, "not JSON"),
      ("{\"a\":1}", 0, "not described by an object"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, 0, "'data_offsets' 0 times"),
      (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4, "F33"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}"#, 3, "spans 3 bytes"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "offsets [4, 0]"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "offsets [0, 4, 8]"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "'-1'"),
      (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "'1.0'"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "truncated"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "belong to no tensor"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#, 5, "begins at offset 1"),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, "begins at offset 1"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
          + #""a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "'a' occurs twice"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[4294967296,4294967296,2],"data_offsets":[0,0]}}"#, 0,
        "whose size can be computed"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[9223372036854775807],"#
          + #""data_offsets":[0,9223372036854775807]}}"#, 0, "an end in the file"
      ),
      (#"{"__metadata__":{"a":1}}"#, 0, "__metadata__"),
      (#"{"__metadata__":[]}"#, 0, "__metadata__"),
      (String(repeating: #"{"a":"#, count: 100), 0, "nested too deeply"),
    ])
  func brokenRule(header: String, data: Int, message: String) throws {
    let error = try #require(problem(file(header, data: data)))
    #expect(error.kind == .malformed)
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.hasPrefix("test.safetensors"))
    #expect(error.description.split(separator: "\n").count <= 2)
  }

  @Test("a header length outside the file is refused before anything is allocated")
  func headerLength() throws {
    for length: UInt64 in [3, 100_000_001, .max, 1 << 63] {
      let error = try #require(problem(file("{}", length: length)))
      #expect(error.description.contains("claims \(length) bytes"))
    }
    #expect(try #require(problem([])).description.contains("empty"))
    #expect(try #require(problem([1, 2, 3])).description.contains("3 bytes"))
  }

  @Test("a missing file, a folder and an empty file are told apart")
  func badFiles() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: FileFormatError.self) {
      try SafetensorsFile(contentsOf: folder.file("missing"))
    }
    #expect(missing?.kind == .notFound)
    let isFolder = #expect(throws: FileFormatError.self) {
      try SafetensorsFile(contentsOf: folder.path)
    }
    #expect(isFolder?.kind == .unreadable)
    #expect(isFolder?.description.contains("folder") == true)
    let empty = try folder.write("", as: "empty")
    let isEmpty = #expect(throws: FileFormatError.self) {
      try SafetensorsFile(contentsOf: empty)
    }
    #expect(isEmpty?.kind == .malformed)
  }

  @Test("a failed write leaves nothing behind, neither a file nor a piece of one")
  func failedWrite() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileFormatError.self) {
      try SafetensorsFile.write([], to: folder.file("no/such/folder/a"))
    }
    #expect(error?.kind == .cannotWrite)
    let full = #expect(throws: FileFormatError.self) {
      try SafetensorsFile.write([("a", TensorData(doubles: [1]))], to: "/dev/full")
    }
    #expect(full?.kind == .cannotWrite)
    #expect(full?.description.contains("No space left") == true)
    #expect(try folder.contents().isEmpty)
  }

  @Test("a tensor's numbers are the same in whatever type it is stored, and inexact ones throw")
  func conversions() throws {
    func tensor(_ type: StoredElementType, _ bytes: [UInt8]) -> TensorData {
      TensorData(shape: [bytes.count / type.byteCount], elementType: type, bytes: bytes)
    }
    // 1.5 and −2 in each floating-point type.
    #expect(try tensor(.float16, [0x00, 0x3E, 0x00, 0xC0]).doubles() == [1.5, -2])
    #expect(try tensor(.bfloat16, [0xC0, 0x3F, 0x00, 0xC0]).floats() == [1.5, -2])
    #expect(try TensorData(floats: [1.5, -2]).doubles() == [1.5, -2])
    #expect(try TensorData(doubles: [1.5, -2]).floats() == [1.5, -2])
    #expect(try tensor(.int8, [0xFF]).integers() == [-1])
    #expect(try tensor(.uint8, [0xFF]).integers() == [255])
    #expect(try tensor(.int32, [0xFE, 0xFF, 0xFF, 0xFF]).doubles() == [-2])
    #expect(try TensorData(integers: [Int.max, -3]).integers() == [Int.max, -3])
    #expect(throws: TensorConversionError.self) { try TensorData(integers: [Int.max]).doubles() }
    #expect(throws: TensorConversionError.self) { try TensorData(floats: [1]).integers() }
    #expect(throws: TensorConversionError.self) {
      try tensor(.uint64, [UInt8](repeating: 0xFF, count: 8)).integers()
    }
  }
}
