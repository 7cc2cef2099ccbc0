import TensorGraph

/// What the kernel chooses from the widths of rows and the device.
extension LaneRowKernel {
  /// Rows of a band at most: as many as stay in the second- and third-level cache with what is added
  /// to them. (Measured on two cores with 512 KB each, gradients of the `nequip` convolution with
  /// random senders: 64, 128 and 256 rows took 0.80, 0.75 and 0.74 of the time of single rows.)
  static let rowsPerBand = 128

  /// Whether a work-item owns a band of rows: where the items of a row lie scattered, and what they read
  /// elsewhere is so much that sorting them and adding to rows in memory costs little beside it.
  /// (Measured with 8 and 17 times the width of a row: 0.74 and 0.65 of the time; with half: 1.4.)
  static func ownsBand(
    _ interface: ContractionInterface, _ schedule: LaneSchedule, _ profile: DeviceProfile
  ) -> Bool {
    guard profile.isCPU, case .targets(let relation) = interface.rows,
      !interface.contraction.relations[relation].isSorted,
      !schedule.summedResults.contains(interface.output)
    else { return false }
    let width = interface.usedSlots.reduce(0) { sum, slot in
      switch interface.contraction.accesses[slot] {
      case .perItem: sum + interface.form.slots[slot].width
      case .indexed(let other) where other != relation: sum + interface.form.slots[slot].width
      case .indexed, .shared, .tabulated: sum
      }
    }
    return width >= 4 * interface.outputSlot.width
  }

  /// Whether the row that a work-item owns is summed in private memory and written once, past the caches:
  /// where items bring vectors of their own, which pass through the caches and leave no room for
  /// results until they are read. (Measured with 28 edges an atom: 0.93 of the time of sums in place.)
  static func sumsPrivately(
    _ interface: ContractionInterface, _ schedule: LaneSchedule, _ profile: DeviceProfile
  ) -> Bool {
    guard profile.isCPU, !interface.ownsBand, case .targets = interface.rows,
      !schedule.summedResults.contains(interface.output),
      rowBytes(interface) <= 64 << 10,
      interface.outputSlot.width.isMultiple(of: lanesOfLine(interface.elementType))
    else { return false }
    return schedule.groups.flatMap(\.products).flatMap(\.vectors).contains {
      interface.contraction.accesses[$0.slot] == .perItem
    }
  }

  /// Whether that row stays in a first-level cache of 32 KB beside what an item reads. Then items are taken
  /// one after the other, so that their vectors are one stream, which processors foresee, and tiles
  /// have one register a result. (Measured against blocks: rows of 12 KB took 0.93, of 28 KB 1.1 of the time.)
  private static func keepsRowClose(
    _ interface: ContractionInterface, _ schedule: LaneSchedule, _ profile: DeviceProfile
  ) -> Bool {
    sumsPrivately(interface, schedule, profile) && rowBytes(interface) <= 16 << 10
  }

  private static func rowBytes(_ interface: ContractionInterface) -> Int {
    interface.outputSlot.width * interface.elementType.byteCount
  }

  /// The lanes of a cache line.
  static func lanesOfLine(_ type: ElementType) -> Int { 64 / type.byteCount }

  /// A result wider than the rows that an item reads is what a block keeps close at hand, so
  /// many items share it; otherwise few leave the cache to the rows that are read. (Measured on
  /// a core with 512 KB: blocks of 1, 2, 4, 8.)
  static func blockSize(
    _ interface: ContractionInterface, _ schedule: LaneSchedule, _ profile: DeviceProfile
  ) -> Int {
    guard profile.isCPU else { return 1 }
    if let tuned = profile.tuning[.contractionItems] { return max(1, tuned) }
    if keepsRowClose(interface, schedule, profile) { return 1 }
    let read = interface.usedSlots.reduce(0) { $0 + interface.form.slots[$1].width }
    let sharesRows = interface.rows == .items || interface.ownsBand
    return sharesRows || interface.outputSlot.width > read ? 4 : 2
  }

  /// A cache line of lanes: enough to use each broadcast scalar for more than one register, and
  /// whole lines where rows are written past the cache. Half of it where lanes are summed and no
  /// such rows written: sums, features and cotangents of a path are all in registers. (Measured on
  /// 256-bit registers, with the gradients of a convolution together: 130 and 80 µs.)
  static func tileWidth(
    _ interface: ContractionInterface, _ schedule: LaneSchedule, _ profile: DeviceProfile
  ) -> Int {
    guard profile.isCPU else { return 1 }
    if tunedLanes(profile) == nil, keepsRowClose(interface, schedule, profile) {
      return profile.vectorWidth(of: interface.elementType)
    }
    let line = tunedLanes(profile) ?? lanesOfLine(interface.elementType)
    let writesRows = interface.outputs.contains {
      interface.hasRowPerItem($0) && !schedule.summedResults.contains($0)
    }
    return schedule.summedResults.isEmpty || writesRows ? line : line / 2
  }

  /// A width that vectors can have, and half of which they can have.
  private static func tunedLanes(_ profile: DeviceProfile) -> Int? {
    profile.tuning[.contractionLanes].flatMap { [4, 8, 16].contains($0) ? $0 : nil }
  }
}
