import OpenCLRuntime
import Synchronization

/// A vertex of the recorded graph. Immutable but for the value, which is kept once computed.
package final class Node: Sendable {
  package let operation: any Operation
  package let operands: [Node]
  package let description: TensorDescription
  /// The computed elements, if somebody asked for them.
  package let value: Mutex<Realization?>

  package init(_ operation: any Operation, _ operands: [Node], value: Realization? = nil) {
    self.operation = operation
    self.operands = operands
    self.description = operation.result(of: operands.map(\.description))
    self.value = Mutex(value)
  }
}

/// Elements in a buffer of a context.
package struct Realization: Sendable {
  package var context: Context
  package var buffer: Buffer
}

extension Node: Hashable {
  package static func == (a: Node, b: Node) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
