import Synchronization

/// The kernels of a context, each built once, many to a program.
///
/// On disk each kernel has an entry of its own, which names the program that holds it.
final class KernelLibrary: Sendable {
  private struct Key: Hashable {
    let definition: KernelDefinition
    let options: [String]
  }

  private let programs: ProgramLibrary
  private let cache: ProgramCache?
  /// Held while building: compilers take one program after the other anyway (PoCL's has one lock).
  private let known = Mutex<[Key: Kernel]>([:])

  init(programs: ProgramLibrary, cache: ProgramCache?) {
    self.programs = programs
    self.cache = cache
  }

  func kernels(_ definitions: [KernelDefinition], options: [String]) throws -> [Kernel] {
    try known.withLock { known in
      var missing: [KernelDefinition] = []
      var seen: Set<KernelDefinition> = []
      for definition in definitions where seen.insert(definition).inserted {
        let key = Key(definition: definition, options: options)
        if known[key] != nil { continue }
        if let kernel = load(definition, options: options) {
          known[key] = kernel
        } else {
          missing.append(definition)
        }
      }
      for group in Self.groups(of: missing) {
        for (definition, kernel) in zip(group, try build(group, options: options)) {
          known[Key(definition: definition, options: options)] = kernel
        }
      }
      return definitions.compactMap { known[Key(definition: $0, options: options)] }
    }
  }

  // MARK: - From disk

  private func load(_ definition: KernelDefinition, options: [String]) -> Kernel? {
    guard let program = cache?.binary(named: entryName(of: definition, options: options)) else {
      return nil
    }
    return programs.stored(String(decoding: program, as: UTF8.self), options: options)
      .flatMap { try? $0.kernel(definition.name) }
  }

  private func entryName(of definition: KernelDefinition, options: [String]) -> String {
    programs.entryName(
      for: [definition.name, definition.preamble, definition.body], options: options) + ".kernel"
  }

  // MARK: - From source

  /// Kernels that can stand in one program: of equal preambles, and of different names.
  private static func groups(of definitions: [KernelDefinition]) -> [[KernelDefinition]] {
    var groups: [[KernelDefinition]] = []
    for definition in definitions {
      let place = groups.firstIndex { group in
        group[0].preamble == definition.preamble
          && !group.contains { $0.name == definition.name }
      }
      if let place {
        groups[place].append(definition)
      } else {
        groups.append([definition])
      }
    }
    return groups
  }

  private func build(_ group: [KernelDefinition], options: [String]) throws -> [Kernel] {
    let source = ([group[0].preamble] + group.map(\.body)).joined(separator: "\n\n")
    let program: Program
    do {
      program = try programs.program(source, options: options, name: Self.title(of: group))
    } catch {
      try explain(failureOf: group, options: options)
      throw error
    }
    let entry = programs.entryName(for: [source], options: options)
    for definition in group {
      cache?.store(Array(entry.utf8), named: entryName(of: definition, options: options))
    }
    return try group.map { try program.kernel($0.name) }
  }

  /// Throws the error of the first kernel that does not build by itself, whose lines a reader finds
  /// more easily than those of the whole program.
  private func explain(failureOf group: [KernelDefinition], options: [String]) throws {
    guard group.count > 1 else { return }
    for definition in group {
      _ = try programs.program(
        definition.preamble + "\n\n" + definition.body, options: options, name: definition.name)
    }
  }

  private static func title(of group: [KernelDefinition]) -> String {
    group.count == 1 ? group[0].name : "\(group[0].name) and \(group.count - 1) more"
  }
}
