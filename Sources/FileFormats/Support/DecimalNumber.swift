/// Reading numbers from text, byte by byte.
///
/// The grammar is that of most programs and of Fortran's: sign, digits with an optional point,
/// an exponent after `e`, `E`, `d` or `D`; or `nan`, `inf`, `infinity` in any case.
package enum DecimalNumber {
  /// The double nearest to the text, or nil if it is no number.
  package static func double(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    var index = range.lowerBound
    let end = range.upperBound
    var isNegative = false
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var digitCount = 0
    var exponent = 0
    /// Nineteen digits always fit in 64 bits; later ones only shift the exponent.
    var isCut = false
    var seenPoint = false
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit < 10 {
        digitCount += 1
        if mantissa < 999_999_999_999_999_999 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if seenPoint { exponent -= 1 }
        } else {
          isCut = isCut || digit != 0
          if !seenPoint { exponent += 1 }
        }
      } else if bytes[index] == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else {
        break
      }
      index += 1
    }
    guard digitCount > 0 else {
      return seenPoint ? nil : nonFinite(bytes, index..<end, isNegative: isNegative)
    }
    if index < end {
      guard let written = Self.exponent(bytes, index..<end) else { return nil }
      exponent += written
    }
    if !isCut, mantissa < 1 << 53, exponent.magnitude <= 22 {
      // Both factors are exact, so that the one operation rounds correctly (Clinger, 1990).
      let power = powersOfTen[Int(exponent.magnitude)]
      let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
      return isNegative ? -value : value
    }
    return Double(text(bytes, range))
  }

  /// The integer that the text is, or nil if it is none or does not fit.
  static func integer(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    let end = range.upperBound
    guard index < end else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < end else { return nil }
    var value = 0
    while index < end {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      // Negative numbers reach one further, so all are built downwards.
      let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
      let (difference, overflow) = product.subtractingReportingOverflow(Int(digit))
      guard !productOverflow, !overflow else { return nil }
      value = difference
      index += 1
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The exponent that fills a range, its letter included; clamped far beyond what a double holds.
  private static func exponent(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "d"), UInt8(ascii: "D"): break
    default: return nil
    }
    var index = range.lowerBound + 1
    guard index < range.upperBound else { return nil }
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
    guard index < range.upperBound else { return nil }
    var value = 0
    while index < range.upperBound {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = min(value * 10 + Int(digit), 1 << 32)
      index += 1
    }
    return isNegative ? -value : value
  }

  private static func nonFinite(
    _ bytes: [UInt8], _ range: Range<Int>, isNegative: Bool
  ) -> Double? {
    switch String(decoding: bytes[range], as: UTF8.self).lowercased() {
    case "nan": .nan
    case "inf", "infinity": isNegative ? -.infinity : .infinity
    default: nil
    }
  }

  /// The text with an exponent letter that Swift knows.
  private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    let letters = bytes[range].map {
      $0 == UInt8(ascii: "d") || $0 == UInt8(ascii: "D") ? UInt8(ascii: "e") : $0
    }
    return String(decoding: letters, as: UTF8.self)
  }
}
