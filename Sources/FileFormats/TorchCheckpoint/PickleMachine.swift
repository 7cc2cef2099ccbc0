/// A machine for the part of the pickle language (protocol 2) that `torch.save` writes.
///
/// Python's own machine imports any name and calls it; this one builds plain data. It knows some
/// thirty opcodes and the names in `PickleGlobal.allowed`, and refuses every other by its name.
/// What it holds is bounded by the pickle's length and the limits below.
struct PickleMachine {
  /// More than any published model's description needs by a factor of a hundred.
  static let greatestByteCount = 64 << 20
  private static let greatestStackCount = 1 << 20
  private static let greatestNodeCount = 1 << 21
  private static let greatestPartCount = 1 << 22

  let bytes: [UInt8]
  let archive: ZipArchive
  /// The archive's entry that is being read.
  let entry: String
  /// The folder in the archive that holds the storages, with a slash at its end.
  let storageFolder: String

  private(set) var position = 0
  /// Where the current opcode stands, for messages.
  private var opcodeStart = 0
  private var stack: [PickleItem] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleItem] = [:]
  private(set) var nodes: [PickleNode] = []
  private var copiedByteCount = 0
  private var partCount = 0

  init(bytes: [UInt8], archive: ZipArchive, entry: String, storageFolder: String) {
    self.bytes = bytes
    self.archive = archive
    self.entry = entry
    self.storageFolder = storageFolder
  }

  /// Runs the pickle to its end and returns what it leaves.
  mutating func run() throws -> CheckpointValue {
    while true {
      opcodeStart = position
      let code = UInt8(try unsigned(1))
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw problem(
          "the pickle opcode 0x\(String(code, radix: 16)) at byte \(opcodeStart) is not supported",
          expected: "a file that torch.save wrote with its default pickle protocol 2")
      }
      if opcode == .stop { break }
      try execute(opcode)
    }
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else {
      throw problem("the pickle ends with values left over", expected: "one value at its end")
    }
    var freezer = PickleFreezer(machine: self)
    return try freezer.value(of: result)
  }

  func problem(_ found: String, expected: String) -> FileFormatError {
    FileFormatError(
      kind: .malformed, file: archive.source.name, location: .entry(entry, byte: opcodeStart),
      found: found, expected: expected)
  }

  private mutating func execute(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .proto: try checkProtocol()
    case .stop: break
    case .mark: try mark()
    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case .binInt1: try push(.integer(try unsigned(1)))
    case .binInt2: try push(.integer(try unsigned(2)))
    case .long1: try push(.integer(try longInteger()))
    case .binFloat: try push(.double(try bigEndianDouble()))
    case .binUnicode: try push(.string(try string()))
    case .emptyList: try push(node: .list([]))
    case .emptyTuple: try push(node: .tuple([]))
    case .emptyDict: try push(node: .dictionary([]))
    case .tuple:
      let parts = try popToMark()
      try countParts(parts.count)
      try push(node: .tuple(parts))
    case .tuple1: try push(node: .tuple(try pop(1)))
    case .tuple2: try push(node: .tuple(try pop(2)))
    case .tuple3: try push(node: .tuple(try pop(3)))
    case .binPut: try remember(as: unsigned(1))
    case .longBinPut: try remember(as: unsigned(4))
    case .binGet: try recall(unsigned(1))
    case .longBinGet: try recall(unsigned(4))
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .global: try push(.global(try global()))
    case .reduce: try reduce()
    case .build: try build()
    case .binPersId: try persistentStorage()
    }
  }

  // MARK: Operands

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else {
      throw problem(
        "the pickle ends where \(count) more bytes should follow", expected: "a whole file")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func unsigned(_ count: Int) throws -> Int {
    try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func longInteger() throws -> Int {
    let count = try unsigned(1)
    guard count <= 8 else {
      throw problem("an integer of \(count) bytes", expected: "integers of at most 8 bytes")
    }
    let digits = try take(count)
    let isNegative = (digits.last ?? 0) >= 0x80
    return digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
  }

  private mutating func bigEndianDouble() throws -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private mutating func string() throws -> String {
    let count = try unsigned(4)
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw problem("a string is not valid UTF-8", expected: "UTF-8 text")
    }
    return text
  }

  private mutating func line() throws -> String {
    let rest = bytes[position...].prefix(256)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      throw problem("a name without an end", expected: "a line of at most 256 bytes")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func global() throws -> PickleGlobal {
    let module = try line()
    let name = try line()
    guard let global = PickleGlobal.allowed["\(module).\(name)"] else {
      // Pickles name the functions of `os` by the module that they come from.
      let alias = ["posix", "nt"].contains(module) ? " (os.\(name.prefix(60)))" : ""
      throw problem(
        "the file asks for the Python object \(quoted("\(module).\(name)"))\(alias)",
        expected: "tensors and plain values only; nothing in the file was run")
    }
    return global
  }

  private mutating func checkProtocol() throws {
    let version = try unsigned(1)
    guard version == 2 else {
      throw problem(
        "pickle protocol \(version)", expected: "protocol 2, the default of torch.save")
    }
  }

  // MARK: Stack, memo and nodes

  mutating func push(_ item: PickleItem) throws {
    guard stack.count < Self.greatestStackCount else {
      throw problem(
        "the pickle piles up too many values", expected: "at most \(Self.greatestStackCount)")
    }
    stack.append(item)
  }

  mutating func push(node: PickleNode) throws {
    guard nodes.count < Self.greatestNodeCount else {
      throw problem(
        "the pickle makes too many objects", expected: "at most \(Self.greatestNodeCount)")
    }
    nodes.append(node)
    try push(.node(nodes.count - 1))
  }

  mutating func replaceNode(_ index: Int, by node: PickleNode) {
    nodes[index] = node
  }

  mutating func pop() throws -> PickleItem {
    guard let last = stack.last, stack.count > marks.last ?? 0 else {
      throw problem("the pickle takes a value where there is none", expected: "an undamaged file")
    }
    stack.removeLast()
    return last
  }

  private mutating func pop(_ count: Int) throws -> [PickleItem] {
    var items: [PickleItem] = []
    for _ in 0..<count { items.append(try pop()) }
    return items.reversed()
  }

  private mutating func popToMark() throws -> [PickleItem] {
    guard let mark = marks.popLast() else {
      throw problem("the pickle closes what it did not open", expected: "an undamaged file")
    }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func top() throws -> PickleItem {
    guard let last = stack.last, stack.count > marks.last ?? 0 else {
      throw problem(
        "the pickle looks at a value where there is none", expected: "an undamaged file")
    }
    return last
  }

  private mutating func mark() throws {
    guard marks.count < Self.greatestStackCount else {
      throw problem(
        "the pickle opens too many groups", expected: "at most \(Self.greatestStackCount)")
    }
    marks.append(stack.count)
  }

  private mutating func remember(as index: Int) throws {
    memo[index] = try top()
    guard memo.count <= Self.greatestPartCount else {
      throw problem(
        "the pickle remembers too many values", expected: "at most \(Self.greatestPartCount)")
    }
  }

  private mutating func recall(_ index: Int) throws {
    guard let item = memo[index] else {
      throw problem("the pickle refers to value \(index), which was never made", expected: "")
    }
    try push(item)
  }

  /// The index of the node on top of the stack.
  func topNode() throws -> Int? {
    if case .node(let index) = try top() { index } else { nil }
  }

  /// The elements of an item that must be a tuple.
  func tuple(_ item: PickleItem, _ purpose: String) throws -> [PickleItem] {
    guard case .node(let index) = item, case .tuple(let elements) = nodes[index] else {
      throw problem("\(purpose) is no tuple", expected: "a tuple")
    }
    return elements
  }

  /// Counts bytes that are copied out of the pickle. One pickle copies each of its bytes about
  /// once; a forged one could have the same megabyte copied a million times.
  mutating func charge(_ count: Int) throws {
    copiedByteCount += count
    guard copiedByteCount <= 4 * bytes.count + 4096 else {
      throw problem(
        "the pickle copies the same bytes again and again", expected: "an ordinary checkpoint")
    }
  }

  // What a list or dictionary holds is taken out of its node while it changes: a second
  // reference would have it copied, and a list made by many appends would cost the square of its
  // length.

  private mutating func countParts(_ count: Int) throws {
    partCount += count
    guard partCount <= Self.greatestPartCount else {
      throw problem(
        "the pickle fills lists with too many values", expected: "at most \(Self.greatestPartCount)"
      )
    }
  }

  private mutating func append(_ items: [PickleItem]) throws {
    guard let index = try topNode(), case .list(var elements) = nodes[index] else {
      throw problem("the pickle appends to what is no list", expected: "a list")
    }
    try countParts(items.count)
    nodes[index] = .list([])
    elements += items
    nodes[index] = .list(elements)
  }

  private mutating func setItems(_ items: [PickleItem]) throws {
    guard let index = try topNode(), case .dictionary(var entries) = nodes[index] else {
      throw problem("the pickle sets items of what is no dictionary", expected: "a dictionary")
    }
    guard items.count % 2 == 0 else {
      throw problem("the pickle sets a key without a value", expected: "pairs")
    }
    try countParts(items.count)
    nodes[index] = .dictionary([])
    for pair in stride(from: 0, to: items.count, by: 2) {
      entries.append((items[pair], items[pair + 1]))
    }
    nodes[index] = .dictionary(entries)
  }
}
