import Irreps

/// How the channels of a tensor product are combined: e3nn's connection modes.
public enum ChannelMode: String, Hashable, Sendable, CaseIterable {
  case uvw, uvu, uvv, uuw, uuu, uvuv

  /// Subscripts of the two inputs, the weights and the result.
  package var subscripts: (x: String, y: String, weight: String, out: String) {
    switch self {
    case .uvw: ("u", "v", "uvw", "w")
    case .uvu: ("u", "v", "uv", "u")
    case .uvv: ("u", "v", "uv", "v")
    case .uuw: ("u", "u", "uw", "w")
    case .uuu: ("u", "u", "u", "u")
    case .uvuv: ("u", "v", "uv", "uv")
    }
  }

  /// How many products are summed into one channel of the result, without components.
  func summedChannels(_ x: Int, _ y: Int) -> Int {
    switch self {
    case .uvw: x * y
    case .uvu: y
    case .uvv, .uuw: x
    case .uuu, .uvuv: 1
    }
  }
}

/// One path of a tensor product: which groups of the irreps it couples, and how.
public struct TensorProductInstruction: Hashable, Sendable {
  /// Places of the groups in the irreps of the inputs and the result.
  public var x: Int
  public var y: Int
  public var out: Int
  public var mode: ChannelMode
  public var hasWeight: Bool
  /// e3nn's `path_weight`: the variance that this path is to have relative to the others.
  public var pathWeight: Double

  public init(
    _ x: Int, _ y: Int, _ out: Int, _ mode: ChannelMode, hasWeight: Bool = true,
    pathWeight: Double = 1
  ) {
    self.x = x
    self.y = y
    self.out = out
    self.mode = mode
    self.hasWeight = hasWeight
    self.pathWeight = pathWeight
  }
}

/// What the coefficients of a tensor product are scaled to: e3nn's `irrep_normalization` and
/// `path_normalization`.
public struct TensorProductNormalization: Hashable, Sendable {
  public enum OfIrreps: Hashable, Sendable { case component, norm, none }
  public enum OfPaths: Hashable, Sendable { case element, path, none }

  public var irreps: OfIrreps
  public var paths: OfPaths

  public init(irreps: OfIrreps = .component, paths: OfPaths = .element) {
    self.irreps = irreps
    self.paths = paths
  }
}

extension MultilinearForm {
  /// Slots of a tensor product's form.
  package enum TensorProductSlot {
    package static let x = 0
    package static let y = 1
    package static let weight = 2
    package static let out = 3
  }

  /// The tensor product of irreps with the paths of `instructions`, as `e3nn.o3.TensorProduct`.
  ///
  /// Slots `x`, `y`, `weight`, `out`; features with channels contiguous
  /// (`FeatureLayout.channelsContiguous`); weights in the order of the instructions, each block
  /// row-major over its subscripts. Without weights the slot `weight` has width 0 and takes no
  /// part. 3j symbols, e3nn's normalisation and path weights are in the coefficients.
  package static func tensorProduct(
    _ x: Irreps, _ y: Irreps, to out: Irreps, _ instructions: [TensorProductInstruction],
    normalization: TensorProductNormalization = TensorProductNormalization()
  ) -> MultilinearForm {
    var segments: [[Segment]] = [x, y, out].map { irreps in
      zip(irreps.groups, irreps.slices).map { group, slice in
        Segment(
          offset: slice.lowerBound, components: group.irrep.dimension,
          channels: [group.multiplicity])
      }
    }
    var weights: [Segment] = []
    var weightCount = 0
    let paths = instructions.map { instruction in
      let groups = (x[instruction.x], y[instruction.y], out[instruction.out])
      let names = instruction.mode.subscripts
      if instruction.mode == .uvuv {
        segments[2][instruction.out].channels = [groups.0.multiplicity, groups.1.multiplicity]
      }
      let scale =
        instruction.squaredScale(x, y, out, among: instructions, normalization).squareRoot()
      let coupling = Wigner.threeJ(
        groups.0.irrep.degree, groups.1.irrep.degree, groups.2.irrep.degree)
      var factors = [
        Factor(slot: TensorProductSlot.x, segment: instruction.x, subscripts: names.x),
        Factor(slot: TensorProductSlot.y, segment: instruction.y, subscripts: names.y),
      ]
      if instruction.hasWeight {
        let extents = [
          "u": groups.0.multiplicity, "v": groups.1.multiplicity, "w": groups.2.multiplicity,
        ]
        let block = Segment(
          offset: weightCount, components: 1,
          channels: names.weight.map { extents[String($0), default: 1] })
        factors.append(
          Factor(
            slot: TensorProductSlot.weight, segment: weights.count, subscripts: names.weight))
        weights.append(block)
        weightCount += block.elementCount
      }
      factors.append(
        Factor(slot: TensorProductSlot.out, segment: instruction.out, subscripts: names.out))
      let entries = coupling.nonzeros.map { entry in
        Entry(
          [entry.first, entry.second] + (instruction.hasWeight ? [0] : []) + [entry.third],
          entry.value * scale)
      }
      return Path(factors: factors, entries: entries)
    }
    return MultilinearForm(
      slots: [
        Slot(name: "x", width: x.dimension, segments: segments[0]),
        Slot(name: "y", width: y.dimension, segments: segments[1]),
        Slot(name: "weight", width: weightCount, segments: weights),
        Slot(name: "out", width: out.dimension, segments: segments[2]),
      ], paths: paths)
  }
}

extension TensorProductInstruction {
  /// The square of the factor before the 3j symbols: e3nn's `TensorProduct.__init__`.
  func squaredScale(
    _ x: Irreps, _ y: Irreps, _ out: Irreps, among all: [TensorProductInstruction],
    _ normalization: TensorProductNormalization
  ) -> Double {
    let dimension: Int
    switch normalization.irreps {
    case .component: dimension = out[self.out].irrep.dimension
    case .norm: dimension = x[self.x].irrep.dimension * y[self.y].irrep.dimension
    case .none: dimension = 1
    }
    func summed(_ instruction: TensorProductInstruction) -> Int {
      instruction.mode.summedChannels(
        x[instruction.x].multiplicity, y[instruction.y].multiplicity)
    }
    let siblings = all.filter { $0.out == self.out }
    let terms: Int
    switch normalization.paths {
    case .element: terms = siblings.reduce(0) { $0 + summed($1) }
    case .path: terms = summed(self) * siblings.count
    case .none: terms = 1
    }
    return Double(dimension) * pathWeight / Double(max(terms, 1))
  }
}
