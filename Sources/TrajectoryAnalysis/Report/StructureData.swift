import Foundation

/// The structure of a trajectory as the page's viewer reads it.
///
/// Positions are 16-bit integers within the range of all coordinates, in base64: some thousandths
/// of an ångström, at a quarter of the size of text.
struct StructureData: Encodable {
  struct Element: Encodable {
    let symbol: String
    let colour: String
    let radius: Double
    let isBonding: Bool
    let count: Int
  }

  let name: String
  let elements: [Element]
  /// For each atom the index of its element.
  let kinds: [Int]
  let periodic: [Bool]
  /// For each frame the nine numbers of the cell; empty where there is none.
  let cells: [[Double]]
  let indices: [Int]
  /// In fs; empty where not known.
  let times: [Double]
  let low: Double
  let step: Double
  let positions: String

  /// Larger structures are thinned to this many frames times atoms, so that a page stays small.
  private static let greatestPositionCount = 400_000

  init(_ observables: TrajectoryObservables) {
    let atoms = TrajectoryAtoms(
      symbols: observables.symbols,
      masses: [Double](repeating: 1, count: observables.symbols.count))
    let capacity = max(1, Self.greatestPositionCount / max(1, atoms.count))
    let stride = (observables.sample.count + capacity - 1) / capacity
    let frames = Swift.stride(from: 0, to: observables.sample.count, by: max(1, stride)).map {
      observables.sample[$0]
    }
    name = observables.name
    elements = zip(atoms.elements, atoms.elementCounts).map { symbol, count in
      Element(
        symbol: symbol, colour: ElementAppearance.colour(of: symbol),
        radius: ElementAppearance.radius(of: symbol),
        isBonding: ElementAppearance.isNonmetal(symbol), count: count)
    }
    kinds = atoms.elementOfAtom
    periodic = frames.first?.box?.periodic ?? [false, false, false]
    cells =
      frames.allSatisfy { $0.box != nil }
      ? frames.map { frame in
        (frame.box?.vectors ?? []).flatMap {
          [Self.rounded($0.x), Self.rounded($0.y), Self.rounded($0.z)]
        }
      } : []
    indices = frames.map(\.index)
    times = observables.times.map { times in frames.map { times[$0.index] } } ?? []

    // Wrapped here: an atom that has diffused far would cost the others their digits.
    let coordinates = frames.flatMap { frame in
      frame.positions.flatMap { position -> [Double] in
        guard let box = frame.box else { return [position.x, position.y, position.z] }
        var fractional = box.fractional(position)
        for axis in 0..<3 where box.periodic[axis] {
          fractional[axis] -= fractional[axis].rounded(.down)
        }
        let wrapped = box.cartesian(fractional)
        return [wrapped.x, wrapped.y, wrapped.z]
      }
    }
    let (low, high) = (coordinates.min() ?? 0, coordinates.max() ?? 1)
    let step = max(high - low, 1e-6) / 65535
    self.low = low
    self.step = step
    var bytes = Data(capacity: 2 * coordinates.count)
    for coordinate in coordinates {
      let number = UInt16(min(65535, max(0, ((coordinate - low) / step).rounded())))
      bytes.append(UInt8(number & 0xff))
      bytes.append(UInt8(number >> 8))
    }
    positions = bytes.base64EncodedString()
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
