import KernelSources
import OpenCLRuntime

/// Where, along the last axis, the smallest element stands, the next one, and so on.
///
/// Short lines are ordered by counting, long ones digit by digit (Knuth, The Art of Computer
/// Programming, volume 3, sections 5.2 and 5.2.5): both have a number of launches that does not depend
/// on the line's length, which may be a symbol.
struct SortOrder: Operation {
  var isDescending: Bool

  var name: String { "sortOrder" }
  var kernelFamily: KernelFamily? { .ordering }

  /// Below this, counting takes less than moving.
  private static let shortLine = 128

  func result(of operands: [TensorDescription]) -> TensorDescription {
    precondition(
      operands[0].shape.rank >= 1 && operands[0].elementType != .bool,
      "sortOrder: \(operands[0]); expected numbers along at least one axis")
    return TensorDescription(operands[0].shape, .int32)
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] { [nil] }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    let (type, shape) = (operands[0].elementType, operands[0].shape)
    let extent = shape[shape.rank - 1]
    let lines = Shape(Array(shape.dimensions.dropLast())).elementCount
    let isShort = extent.fixed.map { $0 <= Self.shortLine } ?? false
    return .kernels(
      isShort
        ? counting(type, lines: lines, extent: extent, for: profile)
        : digitByDigit(type, lines: lines, extent: extent, for: profile))
  }

  private func counting(
    _ type: ElementType, lines: Dimension, extent: Dimension, for profile: DeviceProfile
  ) -> KernelSequence {
    KernelSequence([
      KernelCall(
        name: name, source: source(type, for: profile), entryPoint: "order_by_counting",
        arguments: [.size(lines), .size(extent), .operand(0), .result],
        globalSize: [WorkSize(lines * extent)], localSize: [profile.localSize])
    ])
  }

  private func digitByDigit(
    _ type: ElementType, lines: Dimension, extent: Dimension, for profile: DeviceProfile
  ) -> KernelSequence {
    let parts = parts(of: extent, for: profile)
    let digits = 8 * type.byteCount / digitBits(for: profile)
    let bins = Dimension(parts << digitBits(for: profile))
    let (other, counts, places) = (0, 1, 2)
    let sums = PrefixSumKernels(value: "int", sum: "int", result: "int").sequence(
      lines: lines, inner: 1, extent: bins, sumType: .int32, values: .scratch(counts),
      into: .scratch(places), firstScratch: 3, for: profile)
    let source = source(type, for: profile)
    func call(_ entryPoint: String, _ digit: Int, _ buffers: [KernelCall.Argument]) -> KernelCall {
      KernelCall(
        name: name, source: source, entryPoint: entryPoint,
        arguments: [
          .size(lines), .size(extent), .size(Dimension(parts)), .size(Dimension(digit)),
          .operand(0),
        ] + buffers,
        globalSize: [WorkSize(lines * Dimension(parts))],
        localSize: [profile.isCPU ? 1 : min(64, profile.localSize)])
    }
    var calls: [KernelCall] = []
    for digit in 0..<digits {
      // Taken in turns, so that the last digit moves into the result.
      let moves = [KernelCall.Argument.scratch(other), .result]
      let (from, to) = (moves[digit % 2 == 0 ? 1 : 0], moves[digit % 2])
      calls.append(call("count_digits", digit, [from, .scratch(counts)]))
      calls += sums.calls
      calls.append(call("move_by_digit", digit, [from, .scratch(places), to]))
    }
    return KernelSequence(
      calls,
      scratch: [
        TensorDescription([lines * extent], .int32), TensorDescription([lines * bins], .int32),
        TensorDescription([lines * (bins + 1)], .int32),
      ] + sums.scratch)
  }

  /// Work-items that share a line; of no influence on the result.
  private func parts(of extent: Dimension, for profile: DeviceProfile) -> Int {
    let most = profile.isCPU ? 16 : 1024
    return extent.fixed.map { max(1, min(most, $0 / (profile.isCPU ? 1024 : 64))) } ?? most
  }

  /// Wide digits take fewer passes, narrow ones counters that fit a GPU's registers.
  private func digitBits(for profile: DeviceProfile) -> Int { profile.isCPU ? 8 : 4 }

  private func source(_ type: ElementType, for profile: DeviceProfile) -> String {
    """
    typedef \(type.kernelName) value_t;
    typedef \(type.byteCount == 8 ? "ulong" : "uint") key_t;
    #define IS_FLOAT \(type.isFloatingPoint ? 1 : 0)
    #define KEY_BITS \(8 * type.byteCount)
    #define DESCENDING \(isDescending ? 1 : 0)
    #define DIGIT_BITS \(digitBits(for: profile))

    """ + KernelSources.sort
  }
}

extension Tensor {
  /// The places of the elements along the last axis, the smallest (or largest) element's first.
  ///
  /// Equal elements stay in the order of their places, −0 and +0 are equal, and NaN comes last.
  /// - Returns: int32, of this shape. It has no derivative.
  public func sortOrder(descending: Bool = false) -> Tensor {
    Tensor(SortOrder(isDescending: descending), [self])
  }

  /// The elements along the last axis in ascending or descending order; the derivative goes to the
  /// places that they come from. Equal elements and NaN: as `sortOrder` has them.
  public func sorted(descending: Bool = false) -> Tensor {
    ordered(by: sortOrder(descending: descending))
  }
}
