import KernelSources

/// The kernels that compute a matrix product on a device.
package struct MatrixProductPlan: Hashable, Sendable {
  package let description: MatrixProductDescription
  package let tiling: MatrixProductTiling
  /// Into how many parts the depth is split; a second kernel adds them where there are several.
  package let splits: Int
  /// What CLBlast computes, one product after the other, where it was found to be faster.
  let library: [LibraryProduct]?

  /// The plan for a device, with a tiling and a number of splits chosen for it where none is given.
  package init(
    _ description: MatrixProductDescription, for profile: DeviceProfile,
    tiling: MatrixProductTiling? = nil, splits: Int? = nil
  ) {
    self.description = description
    library = tiling == nil ? LibraryProduct.chosen(for: description, on: profile) : nil
    self.tiling = tiling ?? .chosen(for: description, on: profile)
    self.splits = splits ?? self.tiling.splits(of: description)
  }

  /// The launches, on the buffers named.
  ///
  /// - Parameter firstScratch: The number under which the scratch buffer, if one is needed, stands
  ///   in the sequence of which these launches become part.
  package func kernels(
    first: KernelCall.Argument = .operand(0), second: KernelCall.Argument = .operand(1),
    result: KernelCall.Argument = .result, firstScratch: Int = 0
  ) -> KernelSequence {
    if let library {
      return KernelSequence(library.map { $0.call(first, second, into: result) })
    }
    guard splits > 1 else {
      return KernelSequence([product(first, second, into: result, description)])
    }
    let parts = KernelCall.Argument.scratch(firstScratch)
    return KernelSequence(
      [product(first, second, into: parts, partial), sum(parts, into: result)],
      scratch: [TensorDescription([Dimension(splits) * partLength], description.elementType)])
  }

  /// Elements of the result of one split.
  var partLength: Dimension {
    description.batches * description.rows.count * description.columns
  }

  /// The description with a contiguous result, one after the other in the scratch buffer.
  private var partial: MatrixProductDescription {
    var partial = description
    partial.accumulates = false
    partial.epilogue = nil
    partial.result = .init(
      batch: description.rows.count * description.columns,
      row: .rows(of: description.columns, components: description.rows.components))
    return partial
  }

  private func product(
    _ first: KernelCall.Argument, _ second: KernelCall.Argument,
    into result: KernelCall.Argument, _ description: MatrixProductDescription
  ) -> KernelCall {
    guard let definitions = MatrixProductDefinitions(self, [description]) else {
      preconditionFailure("one matrix product agrees with itself")
    }
    return launch(definitions, [description], first, second, into: result)
  }

  /// The launch of products whose definitions these are; of several, all have a fixed number of columns.
  func launch(
    _ definitions: MatrixProductDefinitions, _ products: [MatrixProductDescription],
    _ first: KernelCall.Argument, _ second: KernelCall.Argument,
    into result: KernelCall.Argument
  ) -> KernelCall {
    let kernel: String
    let text: String
    let perItem: (columns: Int, rows: Int)
    let localSize: [Int]
    switch tiling {
    case .registers(let tiling):
      (kernel, text) = ("matrix_product", KernelSources.matrixProduct)
      perItem = (tiling.columnsPerItem, tiling.rowsPerItem)
      // Groups of one: each is a piece of work for a core, and no size needs a build of its own.
      localSize = [1, 1, 1]
    case .localMemory(let tiling):
      (kernel, text) = ("matrix_product_tiled", KernelSources.matrixProductTiled)
      perItem = (tiling.itemEdge, tiling.itemEdge)
      localSize = [tiling.groupEdge, tiling.groupEdge, 1]
    }
    let globalSize = globalSize(of: products, perItem: perItem)
    return KernelCall(
      name: "matrixProduct", source: definitions.text + KernelSources.matrixLayout + text,
      entryPoint: kernel, arguments: [first, second, result] + definitions.arguments,
      globalSize: globalSize, localSize: Array(localSize.prefix(globalSize.count)),
      operationCount: products.reduce(0) { $0 + $1.operationCount }, family: .matrixProduct)
  }

  /// Three axes for one product, which may have a batch; one along which several follow each other.
  private func globalSize(
    of products: [MatrixProductDescription], perItem: (columns: Int, rows: Int)
  ) -> [WorkSize] {
    if products.count == 1 {
      let product = products[0]
      return [
        WorkSize(product.columns, itemsPerWorkItem: perItem.columns),
        WorkSize(product.rows.count, itemsPerWorkItem: perItem.rows),
        WorkSize(product.batches * Dimension(splits)),
      ]
    }
    let parts = products.map { product in
      let columns = product.columns.fixed ?? 0
      return WorkSize.Part(
        items: product.rows.count, itemsPerWorkItem: perItem.rows,
        repetitions: (columns + perItem.columns - 1) / perItem.columns)
    }
    return [WorkSize(parts)]
  }

  private func sum(_ parts: KernelCall.Argument, into result: KernelCall.Argument) -> KernelCall {
    guard let definitions = MatrixProductDefinitions(self, [description]) else {
      preconditionFailure("one matrix product agrees with itself")
    }
    return KernelCall(
      name: "matrixProduct.sumSplits",
      source: definitions.text + KernelSources.matrixLayout + KernelSources.matrixProductSplits,
      entryPoint: "sum_splits", arguments: [parts, result] + definitions.arguments,
      globalSize: [
        WorkSize(description.columns, itemsPerWorkItem: definitions.vectorWidth),
        WorkSize(description.rows.count), WorkSize(description.batches),
      ],
      operationCount: partLength * Dimension(splits), family: .matrixProduct)
  }
}
