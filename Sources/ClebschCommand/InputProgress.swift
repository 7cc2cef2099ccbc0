import Foundation

/// How much of some files was read, by their bytes.
struct InputProgress {
  private let sizes: [Int]?
  private var finished = 0

  /// Files whose size is not known, such as pipes, make the share unknown.
  init(of files: [String]) {
    let known = files.compactMap { path -> Int? in
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
      return attributes?[.size] as? Int
    }
    sizes = known.count == files.count ? known : nil
  }

  /// The next file begins.
  mutating func finishFile() { finished += 1 }

  /// The share that was read, at an offset in the present file.
  func share(at offset: Int) -> Double? {
    guard let sizes else { return nil }
    let total = sizes.reduce(0, +)
    return total > 0 ? Double(sizes.prefix(finished).reduce(0, +) + offset) / Double(total) : nil
  }
}
