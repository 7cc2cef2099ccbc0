/// What can be wrong with a model file, or with a structure that is given to a model. Structures
/// and atoms are counted from 0.
public enum PotentialError: Error, Hashable, CustomStringConvertible {
  /// The checkpoint lacks an entry, or the entry is not what the architecture needs.
  case checkpoint(file: String, entry: String, found: String, expected: String)
  /// The model has several fidelities and none, or an unknown one, was named.
  case modality(found: String?, known: [String])
  /// The model was not trained on this element.
  case unknownElement(structure: Int, atom: Int, symbol: String)
  /// A structure without atoms.
  case noAtoms(structure: Int)
  /// The result is not a number.
  case notFinite(structure: Int, atom: Int, quantity: String)

  public var description: String {
    switch self {
    case .checkpoint(let file, let entry, let found, let expected):
      return "\(file): entry '\(entry)' is \(found), expected \(expected)"
    case .modality(let found, let known):
      let found = found.map { "'\($0)' is no fidelity of the model" } ?? "no fidelity was named"
      return known.isEmpty
        ? "\(found); the model was trained on a single one"
        : "\(found); the model has \(known.joined(separator: ", "))"
    case .unknownElement(let structure, let atom, let symbol):
      return "structure \(structure), atom \(atom): the model does not know the element \(symbol)"
    case .noAtoms(let structure):
      return "structure \(structure) has no atoms"
    case .notFinite(let structure, let atom, let quantity):
      return "structure \(structure), atom \(atom): the \(quantity) is not a finite number"
    }
  }
}
