import Equivariance
import TensorGraph
import TestSupport
import Testing

@Suite("Kernels of spherical harmonics")
struct HarmonicsKernelTests {
  @Test("their text is what was reviewed")
  func golden() throws {
    let profile = DeviceProfile(
      isCPU: true, floatVectorWidth: 8, localSize: 32, supportsDouble: true)
    let vectors = Tensor(
      Source(TensorDescription([.symbol("edges"), 3], .float32), label: "vectors"), [])
    let y = sphericalHarmonics(of: vectors, upTo: 2)
    let slope = gradient(of: (y * y).sum(), withRespectTo: [vectors])[0]
    let plan = Plan(computing: [slope.node], from: [vectors.node], for: profile)
    try expectGolden(plan.kernelText, named: "harmonics-degree-2.cl")
  }
}
