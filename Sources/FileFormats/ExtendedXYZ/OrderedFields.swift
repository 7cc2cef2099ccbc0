/// Named values in an order: what a dictionary literal was written with, or a file held.
///
/// Looking up a name takes constant time; setting a name that is present keeps its place, a new
/// one goes to the end.
public struct OrderedFields<Value> {
  public typealias Field = (name: String, value: Value)

  private var fields: [Field] = []
  private var indices: [String: Int] = [:]

  public init() {}

  /// The names in order.
  public var names: [String] { fields.map(\.name) }

  /// The value of a name. Setting nil removes the name, in time proportional to the number of
  /// names.
  public subscript(name: String) -> Value? {
    get { indices[name].map { fields[$0].value } }
    set {
      switch (newValue, indices[name]) {
      case (let value?, let index?):
        fields[index].value = value
      case (let value?, nil):
        indices[name] = fields.count
        fields.append((name, value))
      case (nil, let index?):
        fields.remove(at: index)
        indices = [:]
        for (index, field) in fields.enumerated() { indices[field.name] = index }
      case (nil, nil): break
      }
    }
  }
}

extension OrderedFields: RandomAccessCollection {
  public var startIndex: Int { fields.startIndex }
  public var endIndex: Int { fields.endIndex }
  public subscript(position: Int) -> Field { fields[position] }
}

extension OrderedFields: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Value)...) {
    for (name, value) in elements { self[name] = value }
  }
}

extension OrderedFields: Sendable where Value: Sendable {}

/// Equal are the same names and values in the same order.
extension OrderedFields: Equatable where Value: Equatable {
  public static func == (a: Self, b: Self) -> Bool {
    a.fields.elementsEqual(b.fields) { $0.name == $1.name && $0.value == $1.value }
  }
}
