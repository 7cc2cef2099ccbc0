/// A number that a trajectory comes down to.
public struct KeyNumber: Sendable, Equatable {
  /// What it is, with its unit, as scripts read it: `temperature_K`.
  public let quantity: String
  /// The element or pair that it is of, where there is one: "O-H".
  public let subject: String?
  public let value: Double
  /// The standard error, where it is known.
  public let error: Double?

  init(_ quantity: String, of subject: String? = nil, _ value: Double, error: Double? = nil) {
    self.quantity = quantity
    self.subject = subject
    self.value = value
    self.error = error
  }

  init(_ quantity: String, of subject: String? = nil, _ average: BlockAverage) {
    self.init(quantity, of: subject, average.mean, error: average.error)
  }
}
