import Benchmarking
import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

@Suite("Tuned parameters")
struct TuningTests {
  @Test("what is stored for a device reaches the generators of a later context")
  func stored() throws {
    let folder = try TemporaryFolder()
    var options = ContextOptions()
    options.recordFolder = folder.path
    let device = try Device.select()
    #expect(DeviceProfile(of: try Context(device: device, options: options)).tuning.isEmpty)

    let written = try Context(device: device, options: options).updateRecord {
      $0.parameters = ["fused.group": 64, "of a later version": 3]
    }
    #expect(written)
    let context = try Context(device: device, options: options)
    #expect(DeviceProfile(of: context).tuning == [.fusedGroup: 64])
    #expect(context.tunedParameters.map(\.name) == ["fused.group", "of a later version"])
    #expect(try (Tensor([1, 2] as [Float]) + 1).floats(on: context) == [2, 3])
  }

  @Test("every parameter that a device offers has a name that the filter finds")
  func names() throws {
    let device = try Device.select()
    let all = Tuning.parameters(of: device)
    #expect(!all.isEmpty && Set(all).count == all.count)
    for name in all { #expect(Tuning(on: device, filter: name).parameters == [name]) }
    #expect(Tuning(on: device, filter: "nothing like it").parameters.isEmpty)
  }

  @Test("kernels agree with the host under other parameters too")
  func agreement() throws {
    let parameters = [
      "contraction.items-per-block": 3, "contraction.lanes-per-tile": 8,
      "contraction.result-registers": 4, "fused.vector-width": 4,
      "matrix-product.rows-per-item": 48,
      "matrix-product.panels-per-item": 1, "matrix-product.panel-bytes": 8192,
    ]
    #expect(try Tuning(on: try Device.select()).disagreement(with: parameters) == nil)
  }
}
