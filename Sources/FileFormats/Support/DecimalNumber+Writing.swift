import Foundation

extension Double {
  /// The shortest text that is read back as the same number; `nan`, `inf`, `-inf`.
  var extendedXYZText: String {
    isNaN ? "nan" : description
  }
}

extension [UInt8] {
  /// Appends a number as C's "%16.8f" has it: eight decimals, rounded to nearest and ties to even,
  /// right-aligned in sixteen columns.
  mutating func appendFixed(_ value: Double) {
    // Larger numbers may be wider, or rounded wrongly by the arithmetic below.
    guard value.magnitude < 1e5 else {
      let text = value.isFinite ? String(format: "%.8f", value) : value.extendedXYZText
      append(contentsOf: repeatElement(0x20, count: Swift.max(0, 16 - text.utf8.count)))
      append(contentsOf: text.utf8)
      return
    }
    let scaled = value.magnitude * 1e8
    var rounded = scaled.rounded(.toNearestOrEven)
    // The product's rounding error is itself a double; it decides what looks like a tie.
    let error = (-scaled).addingProduct(value.magnitude, 1e8)
    if scaled - rounded == 0.5, error > 0 { rounded += 1 }
    if scaled - rounded == -0.5, error < 0 { rounded -= 1 }

    var digits = UInt64(rounded)
    append(contentsOf: repeatElement(0x20, count: 16))
    var position = count
    var place = 0
    while place <= 8 || digits > 0 {
      if place == 8 {
        position -= 1
        self[position] = UInt8(ascii: ".")
      }
      position -= 1
      self[position] = UInt8(ascii: "0") + UInt8(digits % 10)
      digits /= 10
      place += 1
    }
    if value.sign == .minus { self[position - 1] = UInt8(ascii: "-") }
  }
}
