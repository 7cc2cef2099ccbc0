/// A basis of space in which neighbours are searched: the repeating axes of a cell with their
/// vectors made as short as the lattice allows, the other axes perpendicular to them.
///
/// Short vectors keep the search local in skewed cells, where the original axes would need images
/// far away. `transform` leads back: an image at `t` in this basis lies at `t · transform` in the
/// cell's own vectors.
struct Lattice {
  /// The basis vectors; unit vectors along axes that do not repeat.
  private(set) var vectors: [SIMD3<Double>]
  /// Row `i` is basis vector `i` in terms of the cell's vectors.
  private(set) var transform: [SIMD3<Int>]
  let periodic: [Bool]

  init(_ cell: Cell?) {
    periodic = cell?.periodic ?? [false, false, false]
    vectors = cell?.vectors ?? [.zero, .zero, .zero]
    transform = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    shorten()
    complete()
  }

  /// Whether the basis is the cell's own, so that images sort alike in both.
  var isOriginal: Bool {
    transform == [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
  }

  /// The volume of the cell, where all axes repeat.
  var volume: Double? {
    periodic == [true, true, true]
      ? abs(vectors[0].dot(vectors[1].cross(vectors[2]))) : nil
  }

  /// Row `i` gives coordinate `i` of a position in this basis; its length is the inverse of the
  /// distance between the planes that the other two vectors span.
  var inverse: [SIMD3<Double>] {
    let normals = (0..<3).map { vectors[($0 + 1) % 3].cross(vectors[($0 + 2) % 3]) }
    let volume = vectors[0].dot(normals[0])
    return normals.map { $0 / volume }
  }

  /// The vector less whole basis vectors, such that its periodic coordinates are nearest to zero.
  func nearImage(of vector: SIMD3<Double>) -> SIMD3<Double> {
    zip(zip(vectors, inverse), periodic).filter(\.1).map(\.0).reduce(vector) { image, axis in
      image - axis.1.dot(vector).rounded() * axis.0
    }
  }

  /// Adds integer multiples of other vectors to a vector as long as it gets shorter. Vectors that
  /// differ by less than the margin count as equally short, so that the usual cells stay as they
  /// are.
  private mutating func shorten() {
    let axes = (0..<3).filter { periodic[$0] }
    var improved = true
    while improved {
      improved = false
      for axis in axes {
        let others = axes.filter { $0 != axis }
        for other in others {
          let multiple = (vectors[axis].dot(vectors[other]) / vectors[other].dot(vectors[other]))
            .rounded()
          improved = subtract([(other, multiple)], from: axis) || improved
        }
        guard others.count == 2 else { continue }
        for (one, two) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
          improved = subtract([(others[0], one), (others[1], two)], from: axis) || improved
        }
      }
    }
  }

  private mutating func subtract(
    _ terms: [(axis: Int, multiple: Double)], from axis: Int
  ) -> Bool {
    let margin = 0.999
    let shorter = terms.reduce(vectors[axis]) { $0 - $1.multiple * vectors[$1.axis] }
    guard shorter.dot(shorter) < margin * vectors[axis].dot(vectors[axis]) else { return false }
    vectors[axis] = shorter
    for term in terms { transform[axis] &-= Int(term.multiple) &* transform[term.axis] }
    return true
  }

  private mutating func complete() {
    let axes = (0..<3).filter { periodic[$0] }
    switch axes.count {
    case 0:
      vectors = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    case 1:
      let along = vectors[axes[0]]
      let first = along.cross(along.smallestAxis)
      let second = along.cross(first)
      vectors[(axes[0] + 1) % 3] = first / first.length
      vectors[(axes[0] + 2) % 3] = second / second.length
    case 2:
      let normal = vectors[axes[0]].cross(vectors[axes[1]])
      vectors[3 - axes[0] - axes[1]] = normal / normal.length
    default:
      break
    }
  }
}
