import TensorGraph

/// Writes the kernels of a contraction for a device.
///
/// Strategies, the first that fits:
/// - a linear map with shared weights, or its derivative: ``MatrixProductContraction``;
/// - one channel axis (``LaneSchedule``): ``LaneRowKernel`` on CPUs, ``LaneTileKernel`` on devices
///   whose lanes are work-items;
/// - anything: ``GenericContractionKernel``.
///
/// A result that is one row for all items is summed in ``chunkCount`` parts, which a second
/// kernel adds in order, so that the same input gives the same bits.
package struct ContractionGenerator {
  package var contraction: Contraction
  package var elementType: ElementType
  package var profile: DeviceProfile

  package init(contraction: Contraction, elementType: ElementType, profile: DeviceProfile) {
    self.contraction = contraction
    self.elementType = elementType
    self.profile = profile
  }

  /// Parts of a sum over all items: work enough for many cores, few enough to add up quickly.
  static let chunkCount = 64

  package func sequence() -> KernelSequence {
    if let product = MatrixProductContraction(contraction, elementType: elementType) {
      return product.sequence(for: profile)
    }
    let interface = ContractionInterface(contraction, elementType: elementType)
    let kernel = kernel(interface)
    guard interface.rows == .chunks else { return kernel }
    let width = contraction.form.slots[contraction.output].width
    return KernelSequence(
      kernel.calls + [chunkSum(width: width)],
      scratch: [TensorDescription([Dimension(Self.chunkCount), Dimension(width)], elementType)])
  }

  private func kernel(_ interface: ContractionInterface) -> KernelSequence {
    if let schedule = LaneSchedule(interface.form, outputs: interface.outputs) {
      if !profile.isCPU && schedule.summedResults.isEmpty {
        return KernelSequence([
          LaneTileKernel(interface: interface, schedule: schedule, profile: profile).call()
        ])
      }
      return LaneRowKernel(interface: interface, schedule: schedule, profile: profile).sequence()
    }
    return KernelSequence([GenericContractionKernel(interface: interface, profile: profile).call()])
  }

  /// One kernel for all results of the contraction, or nil where no strategy has one.
  func jointKernel() -> KernelSequence? {
    let interface = ContractionInterface(contraction, elementType: elementType)
    guard profile.isCPU, let schedule = LaneSchedule(interface.form, outputs: interface.outputs)
    else { return nil }
    // In parts of a row that are computed one after the other, an item's results are complete.
    let written = schedule.groups.flatMap(\.products).flatMap(\.places)
      .filter { interface.hasRowPerItem($0.slot) && !schedule.summedResults.contains($0.slot) }
    if interface.rows != .items
      && (schedule.summedResults.contains(interface.output) || Set(written).count < written.count)
    {
      return nil
    }
    return LaneRowKernel(interface: interface, schedule: schedule, profile: profile).sequence()
  }

  /// Adds the parts of a result that is summed over all items.
  private func chunkSum(width: Int) -> KernelCall {
    let type = elementType.kernelName
    let count = Self.chunkCount
    var text = KernelText()
    text.comment(
      "Work-item i adds element i of the \(count) parts, in order.",
      "Reads parts [\(count), \(width)]; writes result [\(width)].")
    text.block(
      "__kernel void contraction_sum(__global const \(type)* restrict parts, "
        + "__global \(type)* restrict result)"
    ) { text in
      text.line("const int i = get_global_id(0);")
      text.line("if (i >= \(width)) return;")
      text.line("\(type) sum = 0;")
      text.line("for (int part = 0; part < \(count); part++) sum += parts[part*\(width) + i];")
      text.line("result[i] = sum;")
    }
    return KernelCall(
      name: "contraction_sum", source: text.text, entryPoint: "contraction_sum",
      arguments: [.scratch(0), .result], globalSize: [WorkSize(Dimension(width))],
      operationCount: Dimension(width * count))
  }
}
