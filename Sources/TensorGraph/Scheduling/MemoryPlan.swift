/// Which temporaries share a buffer.
///
/// A temporary lives from the step that writes it to the last that reads it. At each step the
/// new ones take the free slot that fits best, so the peak is close to the sum of what lives at
/// once.
struct MemoryPlan: Sendable, Equatable {
  /// Bytes of each shared buffer.
  private(set) var slots: [Int] = []
  /// The slot of each temporary storage.
  private(set) var slotOfStorage: [Int: Int] = [:]

  init(of plan: Plan, in sizes: [SizeSymbol: Int]) {
    var lastUse: [Int: Int] = [:]
    for (index, step) in plan.steps.enumerated() {
      for storage in step.reads + step.writes { lastUse[storage] = index }
    }
    var free: [Int] = []
    for (index, step) in plan.steps.enumerated() {
      for storage in step.writes where slotOfStorage[storage] == nil {
        guard case .temporary = plan.storages[storage].role else { continue }
        let bytes = plan.storages[storage].byteCount(in: sizes)
        slotOfStorage[storage] = takeSlot(of: bytes, from: &free)
      }
      for storage in Set(step.reads + step.writes).sorted() where lastUse[storage] == index {
        if let slot = slotOfStorage[storage] { free.append(slot) }
      }
    }
  }

  /// The smallest free slot that is large enough, else the largest one made larger, else a new one.
  private mutating func takeSlot(of bytes: Int, from free: inout [Int]) -> Int {
    let fitting = free.filter { slots[$0] >= bytes }.min { slots[$0] < slots[$1] }
    if let slot = fitting ?? free.max(by: { slots[$0] < slots[$1] }) {
      slots[slot] = max(slots[slot], bytes)
      free.removeAll { $0 == slot }
      return slot
    }
    slots.append(bytes)
    return slots.count - 1
  }

  /// Bytes of all shared buffers together.
  var byteCount: Int { slots.reduce(0, +) }
}

extension Plan.Storage {
  func byteCount(in sizes: [SizeSymbol: Int]) -> Int {
    description.shape.elementCount.value(in: sizes) * description.elementType.byteCount
  }
}
