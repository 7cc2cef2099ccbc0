import Foundation

/// Numbers as people read them.
package enum NumberText {
  /// With this many decimals, and a true minus sign.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(max(0, decimals))f", value)
    // "-0.00" would be a sign without a meaning.
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return text.hasPrefix("-") ? (isZero ? "" : "\u{2212}") + text.dropFirst() : text
  }

  /// A value to the digits that its error leaves: "1966 ± 13".
  ///
  /// - Parameters:
  ///   - digits: significant ones, where there is no error.
  ///   - greatestDecimals: an error that would need more is not shown.
  package static func measured(
    _ value: Double, error: Double?, digits: Int = 5, greatestDecimals: Int = 6
  ) -> String {
    guard value.isFinite else { return "–" }
    guard let error, error.isFinite, error > 0 else { return significant(value, digits: digits) }
    // Two digits of the error, and none before the point that are not known.
    let decimals = max(0, 1 - Int(log10(error).rounded(.down)))
    guard decimals <= greatestDecimals else { return fixed(value, decimals: greatestDecimals) }
    return "\(fixed(value, decimals: decimals)) ± \(fixed(error, decimals: decimals))"
  }

  /// With this many significant digits; powers of ten for the very large and the very small.
  package static func significant(_ value: Double, digits: Int) -> String {
    guard value != 0 else { return "0" }
    let magnitude = Int(log10(abs(value)).rounded(.down))
    if magnitude < -4 || magnitude > 6 {
      let mantissa = fixed(value / pow(10, Double(magnitude)), decimals: max(0, digits - 2))
      return "\(mantissa) · 10\(superscript(magnitude))"
    }
    return fixed(value, decimals: max(0, digits - 1 - magnitude))
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(number).map { character in
      character.wholeNumberValue.map { String(digits[$0]) } ?? "⁻"
    }.joined()
  }
}
