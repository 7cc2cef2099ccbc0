import OpenCLRuntime
import TensorGraph

/// A parameter to tune: the values to try, and the work that decides.
struct TuningTask: Sendable {
  let parameter: TuningParameter
  let values: [Int]
  /// Names of benchmarks; the geometric mean of their times is what counts.
  let works: [String]

  /// What a device of this profile offers, in the order in which it is tuned.
  static func all(for profile: DeviceProfile) -> [TuningTask] {
    let fusion = ["fusion/silu-gauss-sum-16M"]
    let convolutions = ConvolutionBenchmark.all.map(\.name)
    let products = MatrixProductBenchmark.all.map(\.name)
    let fused = [
      TuningTask(parameter: .fusedVectorWidth, values: [1, 4, 8, 16], works: fusion),
      TuningTask(parameter: .fusedGroup, values: [8, 16, 32, 64, 128], works: fusion),
    ]
    guard profile.isCPU else {
      let own = [
        TuningTask(parameter: .contractionGroup, values: [32, 64, 128, 256], works: convolutions),
        TuningTask(parameter: .matrixItemEdge, values: [2, 4, 8], works: products),
        TuningTask(parameter: .matrixDepthBlock, values: [8, 16, 32], works: products),
      ]
      // After our own kernels have their best parameters.
      let library = TuningTask(
        parameter: .matrixLibraryEdge, values: [1, 64, 128, 512], works: products)
      return fused + own + (CLBlast.installed == nil ? [] : [library])
    }
    return fused + [
      TuningTask(parameter: .contractionItems, values: [1, 2, 4, 8], works: convolutions),
      TuningTask(parameter: .contractionLanes, values: [4, 8], works: convolutions),
      TuningTask(parameter: .contractionRegisters, values: [6, 10, 14, 20], works: convolutions),
      TuningTask(parameter: .matrixRowsPerItem, values: [48, 96, 192, 384], works: products),
      TuningTask(parameter: .matrixPanelsPerItem, values: [1, 2, 4], works: products),
      TuningTask(
        parameter: .matrixPanelBytes, values: [8 << 10, 16 << 10, 32 << 10, 64 << 10],
        works: products),
    ]
  }
}
