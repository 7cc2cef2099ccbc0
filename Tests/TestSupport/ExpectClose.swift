import Testing

/// Records a failure unless two arrays agree: every element of `actual` lies within
/// `tolerance · scale` of its counterpart in `expected`.
///
/// The default scale is the largest magnitude in `expected`, the right one for the result of sums:
/// an element that cancels to nothing still carries the rounding of its large terms. Equal
/// infinities agree, a NaN agrees with nothing. The message shows the largest deviation and where
/// it is.
///
/// - Parameters:
///   - shape: if given, places are shown as indices into it and not as flat ones.
///   - scale: what the tolerance is relative to; nil takes the largest magnitude of `expected`
///     (or 1 if that is 0). Pass 1 for an absolute tolerance.
public func expectClose(
  _ actual: [Double], _ expected: [Double], tolerance: Double, relativeTo scale: Double? = nil,
  shape: [Int]? = nil, _ label: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard
    let text = deviation(
      of: actual, from: expected, tolerance: tolerance, relativeTo: scale, shape: shape)
  else { return }
  let label = label()
  Issue.record(
    Comment(rawValue: label.isEmpty ? text : "\(label): \(text)"), sourceLocation: sourceLocation)
}

/// As for doubles; the comparison is made in double precision.
public func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double, relativeTo scale: Double? = nil,
  shape: [Int]? = nil, _ label: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.map(Double.init), expected, tolerance: tolerance, relativeTo: scale, shape: shape,
    label(), sourceLocation: sourceLocation)
}

/// As for arrays, for one number; the tolerance is relative to `expected` unless a scale is given.
public func expectClose(
  _ actual: Double, _ expected: Double, tolerance: Double, relativeTo scale: Double? = nil,
  _ label: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    [actual], [expected], tolerance: tolerance, relativeTo: scale, label(),
    sourceLocation: sourceLocation)
}

/// How two arrays disagree, in the terms of `expectClose`, or nil if they agree.
public func deviation(
  of actual: [Double], from expected: [Double], tolerance: Double,
  relativeTo scale: Double? = nil, shape: [Int]? = nil
) -> String? {
  guard actual.count == expected.count else {
    return "\(actual.count) elements, expected \(expected.count)"
  }
  let largest = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  let scale = scale ?? (largest == 0 ? 1 : largest)
  var worst = (index: 0, deviation: -1.0)
  var count = 0
  for (index, (a, b)) in zip(actual, expected).enumerated() where a != b {
    let difference = abs(a - b)
    let deviation = difference.isNaN ? .infinity : difference / scale
    if !(deviation <= tolerance) { count += 1 }
    if deviation > worst.deviation { worst = (index, deviation) }
  }
  guard count > 0 else { return nil }
  let place = shape.map { indices(of: worst.index, in: $0).description } ?? "[\(worst.index)]"
  return """
    \(count) of \(expected.count) elements deviate by more than \(tolerance); the largest \
    deviation is \(worst.deviation) at \(place): \(actual[worst.index]), expected \
    \(expected[worst.index]) (relative to \(scale))
    """
}

private func indices(of flat: Int, in shape: [Int]) -> [Int] {
  var rest = flat
  var result: [Int] = []
  for size in shape.reversed() where size > 0 {
    result.append(rest % size)
    rest /= size
  }
  return result.reversed()
}
