/// The place of a zip archive's central directory, found from the records at the archive's end.
struct ZipDirectory {
  let offset: Int
  private let count: Int

  init(_ source: ByteSource) throws {
    guard source.count > 0 else {
      throw FileFormatError(
        kind: .malformed, file: source.name, found: "the file is empty",
        expected: Self.expectation)
    }
    // The end record has 22 bytes and a comment of at most 65535; before it may be a 20-byte
    // locator of the 64-bit record.
    let tailStart = max(0, source.count - (20 + 22 + 0xFFFF))
    let tail = try source.read(tailStart..<source.count)
    guard let record = Self.endRecord(in: tail) else {
      throw FileFormatError(
        kind: .malformed, file: source.name,
        found: try Self.guess(at: source), expected: Self.expectation)
    }
    var count = tail.integer(at: record + 12, bytes: 4)
    var offset = tail.integer(at: record + 16, bytes: 4)
    var end = tailStart + record
    if count == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      let locator = record >= 20 ? Array(tail[(record - 20)..<record]) : []
      (count, offset, end) = try Self.record64(of: source, locator: locator)
    }
    guard offset >= 0, count >= 0, offset <= end, count <= end - offset else {
      throw FileFormatError(
        kind: .malformed, file: source.name,
        found: "the zip directory claims \(count) bytes from byte \(offset), but ends by \(end)",
        expected: "an undamaged archive")
    }
    self.count = count
    self.offset = offset
  }

  /// The archive's entries in the directory's order. Their data are not looked at.
  func entries(of source: ByteSource) throws -> [ZipArchive.Entry] {
    let directory = try source.read(offset..<offset + count)
    var entries: [ZipArchive.Entry] = []
    var position = 0
    while position < directory.count {
      guard position + 46 <= directory.count,
        directory.integer(at: position, bytes: 4) == 0x0201_4B50
      else {
        throw FileFormatError(
          kind: .malformed, file: source.name, location: .byte(offset + position),
          found: "no entry of the zip directory", expected: "an undamaged archive")
      }
      let nameEnd = position + 46 + directory.integer(at: position + 28, bytes: 2)
      let extraEnd = nameEnd + directory.integer(at: position + 30, bytes: 2)
      let end = extraEnd + directory.integer(at: position + 32, bytes: 2)
      guard end <= directory.count else {
        throw FileFormatError(
          kind: .malformed, file: source.name, location: .byte(offset + position),
          found: "an entry of the zip directory is cut off", expected: "an undamaged archive")
      }
      entries.append(
        Self.entry(
          record: directory[position..<position + 46],
          name: directory[position + 46..<nameEnd], extra: Array(directory[nameEnd..<extraEnd])))
      position = end
    }
    return entries
  }

  private static let expectation = "a zip archive, as torch.save writes since PyTorch 1.6"

  private static func endRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return (0...tail.count - 22).reversed().first { start in
      tail[start] == UInt8(ascii: "P") && tail.integer(at: start, bytes: 4) == 0x0605_4B50
        && start + 22 + tail.integer(at: start + 20, bytes: 2) == tail.count
    }
  }

  /// What a file that is no archive seems to be.
  private static func guess(at source: ByteSource) throws -> String {
    let start = try source.read(0..<min(12, source.count))
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      return "the zip archive has no end (the file is truncated)"
    }
    // The magic number of PyTorch's first format, pickled.
    if start.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]) {
      return "this is a checkpoint in PyTorch's format from before version 1.6"
    }
    return "the file begins with \(quoted(bytes: start)) and is no zip archive"
  }

  private static func record64(
    of source: ByteSource, locator: [UInt8]
  ) throws -> (count: Int, offset: Int, end: Int) {
    let damaged = FileFormatError(
      kind: .malformed, file: source.name,
      found: "the zip archive has no valid 64-bit end record", expected: "an undamaged archive")
    guard locator.count == 20, locator.integer(at: 0, bytes: 4) == 0x0706_4B50 else {
      throw damaged
    }
    let start = locator.integer(at: 8, bytes: 8)
    guard start >= 0, start <= source.count - 56 else { throw damaged }
    let record = try source.read(start..<start + 56)
    guard record.integer(at: 0, bytes: 4) == 0x0606_4B50 else { throw damaged }
    return (record.integer(at: 40, bytes: 8), record.integer(at: 48, bytes: 8), start)
  }

  private static func entry(
    record: ArraySlice<UInt8>, name: ArraySlice<UInt8>, extra: [UInt8]
  ) -> ZipArchive.Entry {
    let record = Array(record)
    let compressedCount = record.integer(at: 20, bytes: 4)
    var count = record.integer(at: 24, bytes: 4)
    var headerOffset = record.integer(at: 42, bytes: 4)
    // Numbers that do not fit stand in the 64-bit extra field, in this order, only where needed.
    if var field = field64(of: extra) {
      func next() -> Int {
        guard field.count >= 8 else { return -1 }
        defer { field.removeFirst(8) }
        return Array(field).integer(at: 0, bytes: 8)
      }
      if count == 0xFFFF_FFFF { count = next() }
      if compressedCount == 0xFFFF_FFFF { _ = next() }
      if headerOffset == 0xFFFF_FFFF { headerOffset = next() }
    }
    return ZipArchive.Entry(
      name: String(decoding: name, as: UTF8.self), count: count,
      checksum: UInt32(truncatingIfNeeded: record.integer(at: 16, bytes: 4)),
      method: record.integer(at: 10, bytes: 2),
      isEncrypted: record.integer(at: 8, bytes: 2) & 1 != 0, headerOffset: headerOffset)
  }

  private static func field64(of extra: [UInt8]) -> ArraySlice<UInt8>? {
    var position = 0
    while position + 4 <= extra.count {
      let end = position + 4 + extra.integer(at: position + 2, bytes: 2)
      guard end <= extra.count else { return nil }
      if extra.integer(at: position, bytes: 2) == 1 { return extra[position + 4..<end] }
      position = end
    }
    return nil
  }
}

extension [UInt8] {
  /// The little-endian unsigned integer at an offset; eight bytes above `Int.max` turn negative.
  ///
  /// - Precondition: the bytes are there.
  func integer(at offset: Int, bytes count: Int) -> Int {
    self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
