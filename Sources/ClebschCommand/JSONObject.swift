import Foundation

/// A line of `--json` output. Its keys are a contract with scripts (docs/command-line.md).
///
/// Keys keep their order; what is not known is null and not left out.
struct JSONObject: ExpressibleByDictionaryLiteral {
  private let fields: [(key: String, value: (any Encodable)?)]

  init(dictionaryLiteral elements: (String, (any Encodable)?)...) {
    fields = elements.map { (key: $0, value: $1) }
  }

  /// The object as text; a number that is not finite becomes a string, as JSON has none.
  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let members = try fields.map { key, value in
      let text = try value.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
      return "\"\(key)\":\(text ?? "null")"
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}
