import FileFormats
import Foundation
import TestSupport
import Testing

@Suite("PyTorch checkpoints")
struct TorchCheckpointTests {
  @Test("tensors of every type and layout are what PyTorch has")
  func tensors() throws {
    let checkpoint = try TorchCheckpoint(
      contentsOf: fixturePath("torch/everything.pth", in: .module))
    let expected = try fixture("torch/everything.safetensors", in: .module)
    let tensors = try #require(checkpoint.root["tensors"]?.dictionaryValue)
    #expect(tensors.entries.count == 18)
    for name in tensors.stringKeys {
      let reference = try #require(tensors[name]?.tensorReference)
      #expect(try checkpoint.tensor(reference) == expected.tensor("tensors/\(name)"), "\(name)")
    }
  }

  @Test("NumPy arrays in either order are what NumPy has")
  func arrays() throws {
    let checkpoint = try TorchCheckpoint(
      contentsOf: fixturePath("torch/everything.pth", in: .module))
    let expected = try fixture("torch/everything.safetensors", in: .module)
    let arrays = try #require(checkpoint.root["arrays"]?.dictionaryValue)
    #expect(arrays.entries.count == 7)
    for name in arrays.stringKeys {
      let array = try #require(arrays[name]?.numpyArray)
      #expect(array == (try expected.tensor("arrays/\(name)")), "\(name)")
    }
  }

  @Test("plain values of every kind are what Python has")
  func values() throws {
    let checkpoint = try TorchCheckpoint(
      contentsOf: fixturePath("torch/everything.pth", in: .module))
    let values = try #require(checkpoint.root["values"])
    #expect(values["none"]?.isNone == true)
    #expect(values["true"]?.boolValue == true && values["false"]?.boolValue == false)
    #expect(
      ["zero", "byte", "word", "negative", "long", "most negative", "numpy integer"].map {
        values[$0]?.integerValue
      } == [0, 200, 60000, -5, 1 << 40, Int.min, -3])
    #expect(
      ["real", "infinite", "numpy real", "byte"].map { values[$0]?.doubleValue }
        == [0.1, .infinity, 1.25, 200])
    #expect(values["text"]?.stringValue == "Grüße, 世界 'x'")
    guard case .bytes([0x00, 0x80, 0xFF]) = values["bytes"] else {
      Issue.record("bytes are \(String(describing: values["bytes"]))")
      return
    }
    #expect(values["list"]?.elements?.count == 3)
    #expect(values["list"]?.elements?[1].elements?[1].stringValue == "three")
    #expect(values["tuple"]?.elements?[2].elements?.map(\.integerValue) == [2, 3])
    #expect(values["long tuple"]?.elements?.map(\.integerValue) == [0, 1, 2, 3, 4])
    #expect(values["size"]?.elements?.map(\.integerValue) == [4, 5])
    #expect(values["numpy truth"]?.boolValue == true)
    guard case .device("cuda") = values["device"] else {
      Issue.record("the device is \(String(describing: values["device"]))")
      return
    }
    let keys = try #require(values["keys"]?.dictionaryValue)
    #expect(keys.entries.map(\.value.stringValue) == ["true", "minus two", "half", "none"])
    #expect(keys.entries[1].key.integerValue == -2 && keys.entries[2].key.doubleValue == 0.5)
  }

  @Test("an object that occurs twice has its elements in both places")
  func sharedObjects() throws {
    let checkpoint = try TorchCheckpoint(
      contentsOf: fixturePath("torch/everything.pth", in: .module))
    let shared = try #require(checkpoint.root["values"]?["shared"]?.elements)
    #expect(shared.map { $0.elements?.map(\.integerValue) } == [[1, 2], [1, 2]])
  }

  @Test("a training checkpoint is read: weights in order, configuration, optimiser state")
  func trainingCheckpoint() throws {
    let path = try fixturePath("torch/small.pth", in: .module)
    let checkpoint = try TorchCheckpoint(contentsOf: path)
    let expected = try fixture("torch/small-weights.safetensors", in: .module)
    let weights = try #require(checkpoint.root["model_state_dict"]?.dictionaryValue)
    #expect(Set(weights.stringKeys) == Set(expected.names))
    for name in weights.stringKeys {
      let reference = try #require(weights[name]?.tensorReference)
      #expect(try checkpoint.tensor(reference) == expected.tensor(name), "\(name)")
    }
    let configuration = try #require(checkpoint.root["config"])
    #expect(configuration["chemical_species"]?.elements?.map(\.stringValue) == ["C", "H", "O"])
    #expect(configuration["cutoff"]?.doubleValue == 3.5)
    let typeMap = try #require(configuration["_type_map"]?.dictionaryValue)
    #expect(typeMap.entries.map(\.key.integerValue) == [6, 1, 8])
    #expect(typeMap.entries.map(\.value.integerValue) == [0, 1, 2])
    #expect(checkpoint.root["optimizer_state_dict"]?.dictionaryValue != nil)
  }

  @Test(
    "published checkpoints are read whole",
    .enabled(if: ProcessInfo.processInfo.environment["CLEBSCH_MODELS"] != nil))
  func publishedCheckpoints() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CLEBSCH_MODELS"])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".pth") {
      let checkpoint = try TorchCheckpoint(contentsOf: "\(folder)/\(name)")
      let weights = try #require(checkpoint.root["model_state_dict"]?.dictionaryValue)
      let tensors = try weights.entries.map {
        try checkpoint.tensor(try #require($0.value.tensorReference))
      }
      #expect(try tensors.allSatisfy { try $0.floats().allSatisfy(\.isFinite) })
      #expect(checkpoint.root["config"]?["chemical_species"]?.elements?.count == 89)
    }
  }
}
