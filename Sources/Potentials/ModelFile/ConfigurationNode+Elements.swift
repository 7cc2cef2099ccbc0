import FileFormats

extension ConfigurationNode {
  /// The atomic numbers of a list of chemical symbols.
  ///
  /// - Throws: `FileFormatError` for what is no element, an element twice, and an empty list.
  package func elements() throws -> [Int] {
    var numbers: [Int] = []
    for node in try list() {
      let symbol = try node.text()
      guard let number = ChemicalElement.atomicNumber(ofSymbol: symbol), number > 0 else {
        throw node.mismatch(expected: "a chemical symbol such as 'Si'")
      }
      guard !numbers.contains(number) else { throw node.mismatch(expected: "every element once") }
      numbers.append(number)
    }
    guard !numbers.isEmpty else { throw mismatch(expected: "at least one chemical symbol") }
    return numbers
  }
}
