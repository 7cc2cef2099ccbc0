import Equivariance
import Irreps
import TensorGraph
import TestSupport
import Testing

@Suite("Feature layouts")
struct FeatureLayoutTests {
  private let irreps: Irreps = "3x0e+2x1o+1x2e+0x1e+4x0o+3x2o"

  @Test("a component of a channel stands where the layout says")
  func places() throws {
    let values = (0..<2 * irreps.dimension).map(Double.init)
    let converted = irreps.converted(
      values, from: .componentsContiguous, to: .channelsContiguous)
    for item in 0..<2 {
      for (group, slice) in zip(irreps.groups, irreps.slices) {
        let start = item * irreps.dimension + slice.lowerBound
        for channel in 0..<group.multiplicity {
          for component in 0..<group.irrep.dimension {
            #expect(
              converted[start + component * group.multiplicity + channel]
                == values[start + channel * group.irrep.dimension + component])
          }
        }
      }
    }
  }

  @Test("the device converts as the host does, there and back, and so do gradients")
  func device() throws {
    var generator = SeededGenerator(seed: 2)
    let values = generator.normals(2 * irreps.dimension)
    let x = Tensor(values, shape: Shape([2, irreps.dimension]))
    let there = x.converted(irreps, from: .componentsContiguous, to: .channelsContiguous)
    let expected = irreps.converted(
      values, from: .componentsContiguous, to: .channelsContiguous)
    #expect(try there.doubles() == expected)
    let back = there.converted(irreps, from: .channelsContiguous, to: .componentsContiguous)
    #expect(try back.doubles() == values)
    let gradient = gradient(of: (there * there).sum() / 2, withRespectTo: [x])[0]
    #expect(try gradient.doubles() == values)
  }
}
