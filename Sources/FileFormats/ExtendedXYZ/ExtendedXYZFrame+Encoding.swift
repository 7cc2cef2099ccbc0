extension ExtendedXYZFrame {
  /// The frame as it stands in a file.
  ///
  /// - Precondition: the counts agree; species and strings of properties are words without blanks;
  ///   names of properties are not empty and have no colon; no key of `info` is one that the
  ///   format gives a meaning of its own.
  package func encoded(_ numbers: ExtendedXYZNumberFormat) -> [UInt8] {
    checkCounts()
    var text: [UInt8] = Array("\(atomCount)\n\(comment)\n".utf8)
    let columns = properties.map(\.value)
    for atom in species.indices {
      text.appendWord(species[atom], leftAlignedTo: 2)
      for axis in 0..<3 { text.appendReal(positions[atom][axis], numbers) }
      for column in columns {
        for index in atom * column.columns..<(atom + 1) * column.columns {
          text.appendElement(index, of: column.values, numbers)
        }
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  private var comment: String {
    var words: [String] = []
    if let cell {
      let numbers = cell.flatMap { [$0.x, $0.y, $0.z] }
      words.append("Lattice=\"" + numbers.map { $0.extendedXYZText }.joined(separator: " ") + "\"")
    }
    words.append("Properties=" + ExtendedXYZValue.quotedIfNeeded(columnDescription))
    for (key, value) in info {
      precondition(
        !["Lattice", "Properties", "pbc"].contains(key),
        "\(key) is no key for info: set the frame's")
      words.append(ExtendedXYZValue.quotedIfNeeded(key, isKey: true) + "=" + value.text(key: key))
    }
    words.append("pbc=\"" + periodic.map { $0 ? "T" : "F" }.joined(separator: " ") + "\"")
    return words.joined(separator: " ")
  }

  private var columnDescription: String {
    var fields = ["species:S:1:pos:R:3"]
    for (name, property) in properties {
      precondition(
        !name.isEmpty && !name.contains(":") && !["species", "pos"].contains(name),
        "\(quoted(name)) cannot be the name of a property")
      let kind: ExtendedXYZColumns.Kind =
        switch property.values {
        case .strings: .string
        case .reals: .real
        case .integers: .integer
        case .bools: .bool
        }
      fields.append("\(name):\(kind.letter):\(property.columns)")
    }
    return fields.joined(separator: ":")
  }
}

extension [UInt8] {
  /// Appends a word that has no blank before it.
  fileprivate mutating func appendWord(_ word: String, leftAlignedTo width: Int) {
    let bytes = word.utf8
    precondition(
      !bytes.isEmpty && !bytes.contains(where: \.isBlank), "\(quoted(word)) is not one word")
    append(contentsOf: bytes)
    append(contentsOf: repeatElement(0x20, count: Swift.max(0, width - bytes.count)))
  }

  /// Appends text right-aligned, with a blank before it.
  fileprivate mutating func appendText(_ text: some Collection<UInt8>, rightAlignedTo width: Int) {
    append(contentsOf: repeatElement(0x20, count: 1 + Swift.max(0, width - text.count)))
    append(contentsOf: text)
  }

  fileprivate mutating func appendElement(
    _ index: Int, of values: ExtendedXYZProperty.Values, _ numbers: ExtendedXYZNumberFormat
  ) {
    switch values {
    case .reals(let values): appendReal(values[index], numbers)
    case .integers(let values): appendText(String(values[index]).utf8, rightAlignedTo: 8)
    case .bools(let values): append(contentsOf: values[index] ? "  T".utf8 : "  F".utf8)
    case .strings(let values):
      append(0x20)
      appendWord(values[index], leftAlignedTo: 2)
    }
  }

  fileprivate mutating func appendReal(_ value: Double, _ numbers: ExtendedXYZNumberFormat) {
    switch numbers {
    case .eightDecimals:
      append(0x20)
      appendFixed(value)
    case .exact:
      appendText(value.extendedXYZText.utf8, rightAlignedTo: 24)
    }
  }
}
