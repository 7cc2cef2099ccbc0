import OpenCLRuntime
import Testing

@Suite("Buffers")
struct BufferTests {
  let context: Context

  init() throws { context = try Context(device: Device.select(), options: options()) }

  @Test("what was written is read back")
  func roundTrip() throws {
    let values = (0..<1000).map { Double($0) * 0.1 }
    let buffer = try context.makeBuffer(values, for: "a test")
    #expect(buffer.byteCount == 8000)
    #expect(try buffer.read(as: Double.self) == values)
  }

  @Test("a buffer of several large pages is as good as a small one")
  func largePages() throws {
    let count = (9 << 20) / 4 + 3
    let values = (0..<count).map { Float($0 % 1013) }
    let buffer = try context.makeBuffer(values, for: "a test")
    let kernel = try context.program(scaleSource(by: 3), name: "scale").kernel("scale")
    try context.enqueue(kernel, [.buffer(buffer)], global: [count])
    let copy = try context.makeBuffer(byteCount: buffer.byteCount, for: "a copy")
    try context.copy(from: buffer, to: copy, byteCount: buffer.byteCount)
    #expect(try copy.read(as: Float.self) == values.map { 3 * $0 })
    let last = try buffer.withElements(of: Float.self) { $0[count - 1] }
    #expect(last == 3 * values[count - 1])
  }

  @Test("a part is read and written at an offset counted in elements")
  func partialTransfer() throws {
    let buffer = try context.makeBuffer([Int32](repeating: 1, count: 8), for: "a test")
    try buffer.write([7, 8, 9] as [Int32], offset: 2)
    #expect(try buffer.read(as: Int32.self) == [1, 1, 7, 8, 9, 1, 1, 1])
    #expect(try buffer.read(as: Int32.self, count: 2, offset: 3) == [8, 9])
  }

  @Test("an empty buffer can be made, written and read")
  func emptyBuffer() throws {
    let buffer = try context.makeBuffer([Float](), for: "nothing")
    #expect(buffer.byteCount == 0)
    #expect(try buffer.read(as: Float.self) == [])
    #expect(try buffer.withElements(of: Float.self) { $0.count } == 0)
    try context.fill(buffer, with: 0)
  }

  @Test("a copy moves the bytes asked for and no others")
  func copying() throws {
    let source = try context.makeBuffer((0..<10).map(UInt8.init), for: "the source")
    let destination = try context.makeBuffer([UInt8](repeating: 99, count: 10), for: "the copy")
    try context.copy(
      from: source, to: destination, byteCount: 3, sourceOffset: 4, destinationOffset: 6)
    #expect(try destination.read(as: UInt8.self) == [99, 99, 99, 99, 99, 99, 4, 5, 6, 99])
  }

  @Test("a fill sets the bytes asked for and no others", arguments: [(8, 16), (3, 5), (0, 1)])
  func filling(offset: Int, byteCount: Int) throws {
    let buffer = try context.makeBuffer([UInt8](repeating: 1, count: 64), for: "a test")
    try context.fill(buffer, with: 0xAB, byteCount: byteCount, offset: offset)
    let expected = (0..<64).map { (offset..<offset + byteCount).contains($0) ? 0xAB : UInt8(1) }
    #expect(try buffer.read(as: UInt8.self) == expected)
  }

  @Test("mapped elements show the device's work, and the device sees what the host changes")
  func mapping() throws {
    let buffer = try context.makeBuffer([1, 2, 3] as [Float], for: "a test")
    let kernel = try context.program(scaleSource(by: 3), name: "scale").kernel("scale")
    try context.enqueue(kernel, [.buffer(buffer)], global: [3])
    let sum = try buffer.withElements(of: Float.self) { values in
      values.indices.reduce(0) { $0 + values[$1] }
    }
    #expect(sum == 18)
    try buffer.withMutableElements(of: Float.self) { $0[1] = 100 }
    try context.enqueue(kernel, [.buffer(buffer)], global: [3])
    #expect(try buffer.read(as: Float.self) == [9, 300, 27])
  }

  @Test("a device that shares the host's memory maps the buffer itself, not a copy")
  func zeroCopy() throws {
    guard context.device.description.sharesMemoryWithHost else { return }
    let buffer = try context.makeBuffer([Float](repeating: 1, count: 1000), for: "a test")
    let kernel = try context.program(scaleSource(by: 2), name: "scale").kernel("scale")
    // The kernel runs while the elements are mapped, and its work shows in them.
    try buffer.withElements(of: Float.self) { values in
      try context.enqueue(kernel, [.buffer(buffer)], global: [1000])
      try context.finish()
      #expect(values[0] == 2 && values[999] == 2)
    }
  }

  @Test("an error thrown while mapped passes through, and the buffer can be used afterwards")
  func mappingError() throws {
    struct Refusal: Error {}
    let buffer = try context.makeBuffer([1, 2] as [Float], for: "a test")
    #expect(throws: Refusal.self) {
      try buffer.withElements(of: Float.self) { _ in throw Refusal() }
    }
    #expect(try buffer.read(as: Float.self) == [1, 2])
  }
}
