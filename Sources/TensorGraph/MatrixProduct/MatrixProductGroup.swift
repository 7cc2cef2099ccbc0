/// Matrix products on the same three buffers that are launched together where that saves launches: the
/// maps of the groups of channels of a linear layer, say, which are many and small.
///
/// The products write different elements of the result.
package struct MatrixProductGroup {
  private let plans: [MatrixProductPlan]

  package init(_ products: [MatrixProductDescription], for profile: DeviceProfile) {
    plans = products.map { MatrixProductPlan($0, for: profile) }
  }

  /// The launches, on the buffers named.
  package func kernels(
    first: KernelCall.Argument, second: KernelCall.Argument, result: KernelCall.Argument = .result
  ) -> KernelSequence {
    var sequence = KernelSequence([])
    for together in joined {
      if let launch = launch(together, first, second, into: result) {
        sequence.calls.append(launch)
        continue
      }
      for plan in together {
        let kernels = plan.kernels(
          first: first, second: second, result: result, firstScratch: sequence.scratch.count)
        sequence.calls += kernels.calls
        sequence.scratch += kernels.scratch
      }
    }
    return sequence
  }

  /// The plans in their order, those that may share a launch side by side.
  private var joined: [[MatrixProductPlan]] {
    var groups: [[MatrixProductPlan]] = []
    for plan in plans {
      if let place = groups.firstIndex(where: { $0[0].mayShareLaunch(with: plan) }) {
        groups[place].append(plan)
      } else {
        groups.append([plan])
      }
    }
    return groups
  }

  /// One launch for all; nil where there is nothing to join, or where sizes that are symbols differ.
  private func launch(
    _ plans: [MatrixProductPlan], _ first: KernelCall.Argument, _ second: KernelCall.Argument,
    into result: KernelCall.Argument
  ) -> KernelCall? {
    guard plans.count > 1 else { return nil }
    let termCount = plans.map(\.description.terms.count).max() ?? 1
    let products = plans.map { $0.description.padded(toTermCount: termCount) }
    guard Set(products.map(\.rows.items)).count == 1,
      products.allSatisfy({ $0.columns.fixed != nil }),
      let definitions = MatrixProductDefinitions(plans[0], products)
    else { return nil }
    return plans[0].launch(definitions, products, first, second, into: result)
  }
}

extension MatrixProductPlan {
  /// Whether two products are alike but for their sizes, and neither needs a second kernel.
  ///
  /// On devices whose work-items are lanes a launch costs little and small products leave most of a
  /// group idle: there every product is by itself.
  fileprivate func mayShareLaunch(with other: MatrixProductPlan) -> Bool {
    guard case .registers = tiling, library == nil, other.library == nil else { return false }
    let (a, b) = (description, other.description)
    return tiling == other.tiling && splits == 1 && other.splits == 1 && a.batches == 1
      && b.batches == 1 && a.elementType == b.elementType && a.accumulates == b.accumulates
      && a.epilogue == b.epilogue && a.terms[0].depth.components == b.terms[0].depth.components
  }
}

extension MatrixProductDescription {
  /// The same product with terms of no depth before its own.
  fileprivate func padded(toTermCount count: Int) -> MatrixProductDescription {
    var product = self
    let empty = Term(
      depth: Axis(0, components: terms[0].depth.components), first: terms[0].first,
      second: terms[0].second)
    product.terms.insert(
      contentsOf: repeatElement(empty, count: max(0, count - terms.count)), at: 0)
    return product
  }
}
