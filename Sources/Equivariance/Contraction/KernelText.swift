/// OpenCL C text under construction, indented by blocks.
struct KernelText {
  private var lines: [String] = []
  private var depth = 0

  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func line(_ text: String) {
    lines.append(text.isEmpty ? "" : String(repeating: "  ", count: depth) + text)
  }

  mutating func lines(_ texts: some Sequence<String>) {
    for text in texts { line(text) }
  }

  /// `head {`, the lines that `body` writes one step deeper, `}`.
  mutating func block(_ head: String, _ body: (inout KernelText) -> Void) {
    line(head.isEmpty ? "{" : head + " {")
    depth += 1
    body(&self)
    depth -= 1
    line("}")
  }

  /// A block that does not close: its lines follow at this depth.
  mutating func comment(_ texts: String...) {
    for text in texts { line("// " + text) }
  }
}
