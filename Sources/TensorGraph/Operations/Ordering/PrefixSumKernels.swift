import KernelSources
import OpenCLRuntime

/// The kernels of prefix sums for some types, as text and as launches of a plan. Rooms that enqueue
/// kernels by themselves take the text.
package struct PrefixSumKernels: Sendable {
  /// Names of types in OpenCL C: of the elements, of the sums while they grow, of the sums written.
  private let value: String
  private let sum: String
  private let result: String
  private let isFromEnd: Bool

  package init(value: String, sum: String, result: String, isFromEnd: Bool = false) {
    self.value = value
    self.sum = sum
    self.result = result
    self.isFromEnd = isFromEnd
  }

  /// OpenCL C; `index_t` must stand before it.
  package var source: String {
    """
    typedef \(value) value_t;
    typedef \(sum) sum_t;
    typedef \(result) result_t;
    #define FROM_END \(isFromEnd ? 1 : 0)

    """ + KernelSources.prefixSum
  }

  /// The launches that write `extent + 1` sums for each line.
  ///
  /// - Parameters:
  ///   - inner: How many elements lie between neighbours on a line.
  ///   - sumType: An element type as wide as the sums, for the scratch buffers.
  ///   - firstScratch: The number under which the scratch buffers begin in the sequence of which
  ///     these launches become part.
  func sequence(
    lines: Dimension, inner: Dimension, extent: Dimension, sumType: ElementType,
    values: KernelCall.Argument = .operand(0), into sums: KernelCall.Argument = .result,
    firstScratch: Int = 0, for profile: DeviceProfile
  ) -> KernelSequence {
    func call(
      _ entryPoint: String, _ sizes: [Dimension], _ buffers: [KernelCall.Argument],
      items: Dimension, coreGroup: Int = 1
    ) -> KernelCall {
      KernelCall(
        name: "prefixSum", source: source, entryPoint: entryPoint,
        arguments: sizes.map { .size($0) } + buffers, globalSize: [WorkSize(items)],
        localSize: [profile.isCPU ? coreGroup : profile.localSize])
    }
    let totals = KernelCall.Argument.scratch(firstScratch)
    let totalsDescription = TensorDescription([lines], sumType)
    guard let parts = Self.parts(lines: lines, extent: extent, for: profile) else {
      return KernelSequence(
        [
          call(
            "add_up", [lines, inner, extent], [values, sums, totals], items: lines, coreGroup: 8)
        ],
        scratch: [totalsDescription])
    }
    let partial = KernelCall.Argument.scratch(firstScratch + 1)
    let count = Dimension(parts)
    return KernelSequence(
      [
        call(
          "sum_parts", [lines, inner, extent, count], [values, partial], items: lines * count),
        call("add_up_parts", [lines, count], [partial, totals], items: lines),
        call(
          "write_sums", [lines, inner, extent, count], [values, partial, sums],
          items: lines * count),
      ], scratch: [totalsDescription, TensorDescription([lines * count], sumType)])
  }

  /// Into how many parts a line is cut; nil where one work-item adds it up. The number depends on no
  /// size that is a symbol: the order of additions is the same for all.
  private static func parts(
    lines: Dimension, extent: Dimension, for profile: DeviceProfile
  ) -> Int? {
    let shortest = profile.isCPU ? 4096 : 64
    let parts = profile.isCPU ? 16 : 256
    if let lines = lines.fixed, lines >= (profile.isCPU ? 16 : 16_384) { return nil }
    guard let extent = extent.fixed else { return parts }
    return extent <= shortest ? nil : min(parts, (extent + shortest - 1) / shortest)
  }
}
