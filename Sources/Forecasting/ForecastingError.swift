/// What can be wrong with a forecaster, or with what it is given. Frames and atoms are counted
/// from 0.
public enum ForecastingError: Error, Hashable, CustomStringConvertible {
  /// A layer of the configuration does not fit the others.
  case architecture(layer: String, found: String, expected: String)
  /// The model was not trained on this element.
  case unknownElement(atom: Int, symbol: String, known: [String])
  /// The structure has no velocities.
  case noVelocities
  /// The state is not finite any more.
  case notFinite(step: Int, atom: Int, quantity: String)

  public var description: String {
    switch self {
    case .architecture(let layer, let found, let expected):
      "layer '\(layer)' has \(found)\n  expected \(expected)"
    case .unknownElement(let atom, let symbol, let known):
      "atom \(atom): the model does not know the element \(symbol)\n"
        + "  expected one of \(known.joined(separator: ", "))"
    case .noVelocities:
      "the structure has no velocities\n"
        + "  expected a column 'velocities' in Å/fs, or --temperature to draw them"
    case .notFinite(let step, let atom, let quantity):
      "step \(step), atom \(atom): the \(quantity) is not a finite number"
    }
  }
}
