import Equivariance
import Irreps
import OpenCLRuntime
import TensorGraph

/// Checks of harmonics and of their first and second derivatives, the zero vector and a pole
/// included.
enum HarmonicsChecks {
  static let all = [1, 5].map(check)

  private static func check(_ degree: Int) -> KernelCheck {
    var numbers = CheckNumbers(seed: 31)
    let width = (degree + 1) * (degree + 1)
    // Whole vectors of lanes and a tail.
    let vectors = [0, 0, 0, 0, 1, 0] + numbers.next(3 * 27)
    let count = vectors.count / 3
    let shape: Shape = [Dimension(count), Dimension(width)]
    // The recursion takes at most four roundings a degree, and so does each derivative.
    return .function(
      .harmonics, "harmonics to degree \(degree) and their derivative",
      of: [
        CheckArgument(vectors, [Dimension(count), 3]),
        CheckArgument(numbers.next(count * width), shape),
      ],
      roundings: 8 * degree + 40
    ) { tensors in
      let y = sphericalHarmonics(of: tensors[0], upTo: degree)
      let slope = vectorJacobianProduct(of: y, with: tensors[1], withRespectTo: [tensors[0]])[0]
      return [("harmonics", y), ("derivative", slope)]
    } onHost: { values in
      let host = SphericalHarmonics(
        upTo: degree, normalization: .component, normalizingInput: true)
      var harmonics: [HostSum] = []
      var slopes: [HostSum] = []
      for item in 0..<count {
        let vector = SIMD3(
          values[0][3 * item], values[0][3 * item + 1], values[0][3 * item + 2])
        let (found, gradients) = host.valuesAndGradients(at: vector)
        for (index, value) in found.enumerated() {
          // Relative to the length of the harmonics of that degree.
          let component = host.recursion.components[index]
          harmonics.append(
            HostSum(value, magnitude: Double(2 * component.degree + 1).squareRoot()))
        }
        let weights = values[1][(item * width)..<((item + 1) * width)]
        for axis in 0..<3 {
          let value = zip(weights, gradients).reduce(0) { $0 + $1.0 * $1.1[axis] }
          // A gradient's length, not its component, bounds what cancels on the way.
          let magnitude = zip(weights, gradients).reduce(0) {
            $0 + abs($1.0) * ($1.1 * $1.1).sum().squareRoot()
          }
          slopes.append(HostSum(value, magnitude: magnitude))
        }
      }
      return [harmonics, slopes]
    }
  }
}
