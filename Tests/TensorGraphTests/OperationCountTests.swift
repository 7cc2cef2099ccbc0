import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

@Suite("Operations that fused kernels count")
struct OperationCountTests {
  /// The counts of a compiled function's kernels, sizes as in `arguments`.
  private func counts(
    of descriptions: [TensorDescription], as arguments: [TensorDescription]? = nil,
    _ body: ([Tensor]) -> Tensor
  ) throws -> [Int] {
    let function = try CompiledFunction(of: descriptions) { [body($0)] }
    return try function.explain(for: arguments ?? descriptions).kernels.map(\.operationCount)
  }

  @Test("a chain counts its operations for each element, a literal none")
  func chain() throws {
    let x = TensorDescription([1000], .float32)
    #expect(try counts(of: [x, x]) { $0[0] * $0[1] + 0.5 } == [2000])
    let edges = TensorDescription([.symbol("edges"), 3], .float32)
    #expect(
      try counts(of: [edges], as: [TensorDescription([7, 3], .float32)]) { $0[0] * $0[0] } == [21])
  }

  @Test("a sum counts an addition for each of its terms, and what is fused into it")
  func sums() throws {
    let x = TensorDescription([20, 30], .float32)
    #expect(try counts(of: [x]) { ($0[0] * $0[0]).sum(along: [1]) } == [2 * 600])
    let long = TensorDescription([5000], .float32)
    #expect(try counts(of: [long]) { ($0[0] * 2).sum() } == [2 * 5000, 256])
  }

  @Test("a segment sum counts all items once, whatever the number of segments")
  func segments() throws {
    let atoms = Dimension.symbol("atoms")
    let edges = Dimension.symbol("edges")
    func descriptions(_ atoms: Dimension, _ edges: Dimension) -> [TensorDescription] {
      [
        TensorDescription([edges, 4], .float32), TensorDescription([edges], .int32),
        TensorDescription([atoms + 1], .int32),
      ]
    }
    let found = try counts(of: descriptions(atoms, edges), as: descriptions(5, 40)) { tensors in
      (tensors[0] * tensors[0]).segmentSum(
        by: SegmentIndex(indices: tensors[1], offsets: tensors[2]))
    }
    #expect(found == [2 * 160])
  }

  @Test("parts that stand one after the other count for their own elements")
  func concatenation() throws {
    let x = TensorDescription([10, 8], .float32)
    let found = try counts(of: [x]) { tensors in
      concatenate([tensors[0] * tensors[0], tensors[0]], along: 1)
    }
    #expect(found == [80])
  }

  @Test("a plan knows the families of its kernels")
  func families() throws {
    let x = TensorDescription([20, 30], .float32)
    let function = try CompiledFunction(of: [x]) { tensors in
      [matrixProduct(tensors[0], tensors[0], transposingSecond: true), tensors[0].sum(along: [1])]
    }
    let kernels = try function.explain(for: [x]).kernels
    #expect(kernels.map(\.families) == [[.matrixProduct], [.elementwise, .reduction]])
  }
}
