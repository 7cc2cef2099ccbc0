/// The samples of several sources, one after the other.
public struct JoinedSamples<Source: SampleSource>: SampleSource {
  private let sources: [Source]
  /// Where each source begins, then the end of the last.
  private let offsets: [Int]

  public init(_ sources: [Source]) {
    self.sources = sources
    offsets = sources.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  public var count: Int { offsets[sources.count] }

  public func sample(at index: Int) throws -> Source.Sample {
    let (source, place) = place(of: index)
    return try sources[source].sample(at: place)
  }

  public func name(at index: Int) -> String {
    let (source, place) = place(of: index)
    return sources[source].name(at: place)
  }

  private func place(of index: Int) -> (source: Int, place: Int) {
    precondition((0..<count).contains(index), "sample \(index) of \(count)")
    var (low, high) = (0, sources.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if offsets[middle] <= index { low = middle } else { high = middle }
    }
    return (low, index - offsets[low])
  }
}
