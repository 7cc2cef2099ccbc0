import Equivariance
import Irreps
import TensorGraph

/// Steele, Lea and Flood's SplitMix64, so that a test's numbers are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
  mutating func uniform() -> Double { Double.random(in: -1...1, using: &self) }
}

extension ContractionCase {
  /// A case with random values in every slot.
  init(
    form: MultilinearForm, accesses: [Contraction.Access], itemCount: Int, indices: [[Int]],
    targetCounts: [Int], random: inout SplitMix
  ) {
    self.init(
      form: form, accesses: accesses, itemCount: itemCount, indices: indices,
      targetCounts: targetCounts, values: [])
    for slot in form.slots.indices {
      values.append(
        (0..<(rowCount(of: slot) * form.slots[slot].width)).map { _ in random.uniform() })
    }
  }
}

/// All paths of `x ⊗ y` in one mode; each has a group of the result to itself, but for the modes
/// that mix channels, whose results have three channels and several paths each.
func productForm(
  _ x: String, _ y: String, _ mode: ChannelMode, hasWeight: Bool
) throws -> MultilinearForm {
  let (x, y) = (try Irreps(x), try Irreps(y))
  var groups: [MultipliedIrrep] = []
  var instructions: [TensorProductInstruction] = []
  for (i, first) in x.enumerated() {
    for (j, second) in y.enumerated() {
      for irrep in first.irrep.product(with: second.irrep) where irrep.degree <= 2 {
        let multiplicity =
          switch mode {
          case .uvu, .uuu: first.multiplicity
          case .uvv: second.multiplicity
          case .uvuv: first.multiplicity * second.multiplicity
          case .uvw, .uuw: 3
          }
        let group = MultipliedIrrep(multiplicity, irrep)
        let mixes = mode == .uvw || mode == .uuw
        if mode == .uuu && first.multiplicity != second.multiplicity { continue }
        let place = mixes ? groups.firstIndex(of: group) : nil
        if place == nil { groups.append(group) }
        instructions.append(
          TensorProductInstruction(
            i, j, place ?? groups.count - 1, mode, hasWeight: hasWeight))
      }
    }
  }
  return .tensorProduct(x, y, to: Irreps(groups), instructions)
}

/// A form of two to five slots with random segments, subscripts and sparse coefficients.
func randomForm(_ random: inout SplitMix) -> MultilinearForm {
  let letters: [Character] = ["u", "v", "w"]
  let singleAxis = random.below(2) == 0
  let extents: [Character: Int] =
    singleAxis
    ? ["u": [1, 4, 10, 16, 33, 48][random.below(6)], "v": 1, "w": 1]
    : ["u": 1 + random.below(9), "v": 1 + random.below(5), "w": 1 + random.below(4)]
  let slotCount = 2 + random.below(4)
  var slots: [(subscripts: [String], parts: [(components: Int, channels: [Int])])] = []
  for _ in 0..<slotCount {
    let subscripts = (0..<(1 + random.below(3))).map { _ in
      String(letters.filter { _ in random.below(2) == 0 }.shuffled(using: &random))
    }
    slots.append(
      (
        subscripts,
        subscripts.map { names in
          (1 + random.below(4), names.map { extents[$0] ?? 1 })
        }
      ))
  }
  let made = slots.enumerated().map { place, slot in
    // A gap after the last segment: elements that no path reaches.
    var made = MultilinearForm.Slot(name: "slot\(place)", consecutive: slot.parts)
    made.width += random.below(3)
    return made
  }
  let paths = (0..<(1 + random.below(5))).map { _ in
    var taking = made.indices.filter { _ in random.below(4) > 0 }
    if taking.isEmpty { taking = [random.below(slotCount)] }
    let factors = taking.map { slot in
      let segment = random.below(made[slot].segments.count)
      return MultilinearForm.Factor(
        slot: slot, segment: segment, subscripts: slots[slot].subscripts[segment])
    }
    let entries = (0..<(1 + random.below(8))).map { _ in
      MultilinearForm.Entry(
        factors.map { random.below(made[$0.slot].segments[$0.segment].components) },
        [-1, 1, random.uniform()][random.below(3)])
    }
    return MultilinearForm.Path(factors: factors, entries: entries)
  }
  return MultilinearForm(slots: made, paths: paths)
}
