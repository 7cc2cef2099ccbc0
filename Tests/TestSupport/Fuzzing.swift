import Foundation

/// Deterministic damage to bytes, to find inputs that a reader does not survive.
///
/// What a mutation does is what happens to files and what attackers do: flipped bits, lost ends,
/// blocks moved or repeated, numbers made huge, pieces of one file inside another.
public struct Mutator {
  private var generator: SeededGenerator
  private let seeds: [[UInt8]]
  /// Byte sequences that mean something to the format: keywords, opcodes, delimiters.
  private let words: [[UInt8]]

  /// - Parameters:
  ///   - seeds: valid inputs, at least one.
  ///   - words: sequences worth inserting.
  public init(seeds: [[UInt8]], words: [[UInt8]] = [], seed: UInt64) {
    precondition(!seeds.isEmpty, "a mutator needs an input to start from")
    self.seeds = seeds
    self.words = words
    generator = SeededGenerator(seed: seed)
  }

  /// One of the seeds with one to four changes.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[random(seeds.count)]
    for _ in 0...random(4) { mutate(&bytes) }
    return bytes
  }

  private mutating func random(_ bound: Int) -> Int {
    Int.random(in: 0..<max(1, bound), using: &generator)
  }

  private mutating func block(of bytes: [UInt8], atMost limit: Int = 64) -> Range<Int> {
    let start = random(bytes.count)
    return start..<min(bytes.count, start + 1 + random(limit))
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(random(256))]
      return
    }
    switch random(10) {
    case 0: bytes[random(bytes.count)] ^= 1 << random(8)
    case 1: bytes[random(bytes.count)] = UInt8(random(256))
    case 2: bytes.removeSubrange(random(bytes.count)...)
    case 3: bytes.removeSubrange(block(of: bytes))
    case 4: bytes.insert(contentsOf: bytes[block(of: bytes)], at: random(bytes.count))
    case 5: overwriteWithExtremeNumber(&bytes)
    case 6:
      let other = seeds[random(seeds.count)]
      guard !other.isEmpty else { return }
      bytes.insert(contentsOf: other[block(of: other, atMost: 256)], at: random(bytes.count))
    case 7:
      guard !words.isEmpty else { return }
      bytes.insert(contentsOf: words[random(words.count)], at: random(bytes.count))
    case 8: changeDigit(&bytes)
    default:
      let target = block(of: bytes, atMost: 16)
      for index in target { bytes[index] = UInt8(random(256)) }
    }
  }

  /// Lengths and offsets are where readers go wrong.
  private mutating func overwriteWithExtremeNumber(_ bytes: inout [UInt8]) {
    let numbers: [UInt64] = [
      0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
      0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, UInt64(bytes.count),
      UInt64(bytes.count) &+ 1,
    ]
    let number = numbers[random(numbers.count)]
    let start = random(bytes.count)
    let width = [1, 2, 4, 8][random(4)]
    for byte in 0..<width where start + byte < bytes.count {
      bytes[start + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
    }
  }

  private mutating func changeDigit(_ bytes: inout [UInt8]) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let start = random(bytes.count)
    guard let index = bytes[start...].firstIndex(where: digits.contains) else { return }
    if random(2) == 0 {
      bytes[index] = digits.lowerBound + UInt8(random(10))
    } else {
      bytes.insert(contentsOf: repeatElement(UInt8(ascii: "9"), count: 1 + random(20)), at: index)
    }
  }
}

/// The number of mutated inputs a fuzz test tries: `CLEBSCH_FUZZ_ITERATIONS`, or the given number.
public func fuzzIterations(default count: Int) -> Int {
  ProcessInfo.processInfo.environment["CLEBSCH_FUZZ_ITERATIONS"].flatMap(Int.init) ?? count
}
