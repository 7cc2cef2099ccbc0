import TensorGraph

/// One of the gradients of a contraction, which is a contraction again.
///
/// All gradients of one contraction have the same operands: the tensors of all slots, with the
/// cotangent in the result's; then the index tensors and positions that the contraction has. So
/// those that are wanted can share a kernel that reads each operand once: one runs over the rows of
/// an index, such as an edge's sender, and the others, with a row an item, are written on the way.
struct ContractionGradient: JointOperation {
  enum Part: Hashable, Sendable {
    /// With respect to a slot.
    case slot(Int)
    /// With respect to positions and a slot together (``Contraction/jointGradient``).
    case joint
  }

  var contraction: Contraction
  var part: Part

  init(of contraction: Contraction, _ part: Part) {
    self.contraction = contraction
    self.part = part
  }

  /// This gradient as a contraction of its own.
  var alone: Contraction {
    switch part {
    case .slot(let slot):
      var derivative = contraction
      derivative.output = slot
      return derivative
    case .joint:
      guard let joint = contraction.jointGradient else {
        preconditionFailure("\(contraction.name): no positions to differentiate by")
      }
      return joint.contraction
    }
  }

  /// The operand that is in the place of this gradient's result, which its own kernel does not read.
  private var unread: Int? { if case .slot(let slot) = part { slot } else { nil } }

  private func read<Element>(_ operands: [Element]) -> [Element] {
    operands.indices.filter { $0 != unread }.map { operands[$0] }
  }

  var name: String { alone.name }

  func result(of operands: [TensorDescription]) -> TensorDescription {
    alone.result(of: read(operands))
  }

  func vectorJacobianProduct(
    of operands: [Tensor], result: Tensor, cotangent: Tensor
  ) -> [Tensor?] {
    var products = alone.vectorJacobianProduct(
      of: read(operands), result: result, cotangent: cotangent)
    if let unread { products.insert(nil, at: unread) }
    return products
  }

  func lowering(
    of operands: [TensorDescription], to result: TensorDescription, for profile: DeviceProfile
  ) -> Lowering {
    guard case .kernels(let sequence) = alone.lowering(of: read(operands), to: result, for: profile)
    else { preconditionFailure("\(name): a contraction has kernels of its own") }
    return .kernels(
      sequence.mappingArguments { argument in
        guard case .operand(let place) = argument, let unread, place >= unread else {
          return argument
        }
        return .operand(place + 1)
      })
  }

  // MARK: Together

  var jointFamily: Contraction { contraction }

  static func jointLowering(
    _ parts: [ContractionGradient], of operands: [TensorDescription],
    to results: [TensorDescription], for profile: DeviceProfile
  ) -> KernelSequence? {
    guard profile.isCPU, let contraction = parts.first?.contraction else { return nil }
    // One gradient whose rows the kernel runs over, then those that have a row an item.
    let accesses = parts.map { $0.alone.accesses[$0.alone.output] }
    let owner = parts.indices.first { if case .indexed = accesses[$0] { true } else { false } }
    let shared = (owner.map { [$0] } ?? []) + parts.indices.filter { accesses[$0] == .perItem }
    guard shared.count > 1 else { return nil }
    let joined = contraction.gradients(shared.map { parts[$0].part })
    guard
      var sequence = ContractionGenerator(
        contraction: joined, elementType: results[0].elementType, profile: profile
      ).jointKernel()
    else { return nil }
    sequence = sequence.mappingArguments { $0.mappingResult { shared[$0] } }
    for place in parts.indices where !shared.contains(place) {
      guard
        case .kernels(let own) = parts[place].lowering(
          of: operands, to: results[place], for: profile)
      else { return nil }
      let scratch = sequence.scratch.count
      sequence.calls +=
        own.mappingArguments {
          $0.mappingResult { _ in place }.addingToScratch(scratch)
        }.calls
      sequence.scratch += own.scratch
    }
    return sequence
  }
}

extension Contraction {
  /// Whether its gradients may be computed together: none is a sum over all items, or the matrix
  /// product that goes with one.
  var hasJointGradients: Bool { !accesses.contains(.shared) }

  /// Gradients as several results, in slots after all others; all slots of this contraction are
  /// operands.
  fileprivate func gradients(_ parts: [ContractionGradient.Part]) -> Contraction {
    var result = self
    var slots = form.slots
    var paths: [MultilinearForm.Path] = []
    for path in form.paths {
      for (place, part) in parts.enumerated().sorted(by: { isSummed($0.1) && !isSummed($1.1) }) {
        paths += gradients(of: path, part, slot: form.slots.count + place)
      }
    }
    for part in parts {
      let alone = ContractionGradient(of: self, part).alone
      slots.append(alone.form.slots[alone.output])
      result.accesses.append(alone.accesses[alone.output])
    }
    result.form = MultilinearForm(slots: slots, paths: paths)
    result.output = form.slots.count
    result.furtherOutputs = parts.indices.dropFirst().map { form.slots.count + $0 }
    return result
  }

  /// Whether channels are summed: such a gradient's sums can serve others, so it comes first.
  private func isSummed(_ part: ContractionGradient.Part) -> Bool {
    switch part {
    case .joint: true
    case .slot(let slot): form.slots[slot].segments.allSatisfy { $0.channelCount == 1 }
    }
  }

  /// The paths of one gradient that one path gives, with the result in `slot`.
  private func gradients(
    of path: MultilinearForm.Path, _ part: ContractionGradient.Part, slot: Int
  ) -> [MultilinearForm.Path] {
    var single = self
    single.form = MultilinearForm(slots: form.slots, paths: [path])
    let alone = ContractionGradient(of: single, part).alone
    return alone.form.paths.compactMap { path in
      guard let place = path.factors.firstIndex(where: { $0.slot == alone.output }) else {
        return nil
      }
      var path = path
      path.factors[place].slot = slot
      return path
    }
  }
}

extension KernelSequence {
  fileprivate func mappingArguments(
    _ map: (KernelCall.Argument) -> KernelCall.Argument
  ) -> KernelSequence {
    KernelSequence(calls.map { $0.mappingArguments(map) }, scratch: scratch)
  }
}

extension KernelCall {
  fileprivate func mappingArguments(_ map: (Argument) -> Argument) -> KernelCall {
    var call = self
    call.arguments = arguments.map(map)
    return call
  }
}

extension KernelCall.Argument {
  fileprivate func mappingResult(_ map: (Int) -> Int) -> Self {
    if case .result(let place) = self { .result(map(place)) } else { self }
  }

  /// With scratch buffers numbered from `first` on.
  fileprivate func addingToScratch(_ first: Int) -> Self {
    if case .scratch(let place) = self { .scratch(first + place) } else { self }
  }
}
