/// The text of one kernel, to be built together with others.
///
/// A compiler's fixed cost is per program (PoCL: a fifth of a second), so that the kernels of a plan
/// are built in few programs; yet each is found again by itself, in whichever program it was built.
public struct KernelDefinition: Sendable, Hashable {
  /// The name of the kernel's function.
  public let name: String
  /// What stands before it: types, macros, functions. Kernels with equal preambles share a program.
  public let preamble: String
  /// The kernel's function, and no name at file scope that another kernel's body may have.
  public let body: String

  public init(name: String, preamble: String = "", body: String) {
    self.name = name
    self.preamble = preamble
    self.body = body
  }
}
