import TensorGraph

/// Text that lets one work-item on a CPU process the rows of several items at once, one item a
/// lane of its vectors.
///
/// Rows `[items, width]` have their columns contiguous, lanes want an element of each row: blocks of
/// `lanes` rows and `lanes` columns are turned in registers (``BlockTransposition``), so that memory is
/// read and written in whole vectors. Rows past the last item read the last one's elements and are not written.
///
/// Blocks walk across rows, which is no order that a processor foresees, although the rows of
/// successive groups of items are contiguous. So each group asks for the lines of one that comes soon.
struct RowLanes {
  let element: KernelType
  /// A power of two, at least 4.
  let lanes: Int

  private var vector: String { KernelType(element.elementType, width: lanes).name }

  /// Nil where lanes are work-items.
  init?(_ type: ElementType, for profile: DeviceProfile) {
    // Vectors wider than a register of AVX2 only cost more shuffles.
    lanes = min(profile.isCPU ? profile.vectorWidth(of: type) : 1, 8)
    element = KernelType(type)
    guard lanes >= 4 else { return nil }
  }

  /// Functions that stand before a kernel.
  var functions: String {
    let rows = (0..<lanes).map { row in row == 0 ? "rows[0]" : "rows[min(\(row), live - 1)*width]" }
    let columns = (0..<lanes).map { "rows[\($0)*width] = column.\(name(of: $0));" }
    return """
      typedef \(element.name) real;
      typedef \(vector) lanes;
      #define INLINE static __attribute__((always_inline)) inline
      // Asks for `length` elements that are read, or written, soon.
      INLINE void ask_for(__global const real* elements, const int length) {
        for (int i = 0; i < length; i += \(64 / element.elementType.byteCount))
          PREFETCH(elements + i);
      }
      \(BlockTransposition.function(vector: "lanes", width: lanes))\
      // Reads \(lanes) columns of `live` rows, \(lanes) at most, that are `width` long.
      INLINE void load_block(
          lanes block[\(lanes)], __global const real* rows, const int width, const int live) {
        #pragma unroll
        for (int r = 0; r < \(lanes); ++r)
          block[r] = vload\(lanes)(0, rows + min(r, live - 1)*width);
        turn(block);
      }
      // Writes them.
      INLINE void store_block(
          lanes block[\(lanes)], __global real* rows, const int width, const int live) {
        turn(block);
        #pragma unroll
        for (int r = 0; r < \(lanes); ++r)
          if (r < live) vstore\(lanes)(block[r], 0, rows + r*width);
      }
      // Reads one column.
      INLINE lanes load_column(__global const real* rows, const int width, const int live) {
        return (lanes)(\(rows.joined(separator: ", ")));
      }
      // Writes one column.
      INLINE void store_column(
          const lanes column, __global real* rows, const int width, const int live) {
        if (live == \(lanes)) {
      \(columns.map { "    \($0)\n" }.joined())  } else {
      \(columns.enumerated().map { "    if (\($0) < live) \($1)\n" }.joined())  }
      }

      """
  }

  private func name(of lane: Int) -> String { "s\(String(lane, radix: 16))" }

  /// Opens the kernel's body: which items this work-item has.
  var prologue: String {
    """
      const index_t first = (index_t)get_global_id(0)*\(lanes);
      if (first >= items) return;
      const int live = min(\(lanes), (int)(items - first));

    """
  }

  /// Columns by blocks; where the last block is not full, it overlaps the one before.
  private func blocks(width: Int) -> [Int] {
    guard width >= lanes else { return [] }
    let starts = Array(stride(from: 0, through: width - lanes, by: lanes))
    return width.isMultiple(of: lanes) ? starts : starts + [width - lanes]
  }

  /// A line that asks for the rows of a group that comes soon: the next, or one two kilobytes ahead.
  private func request(for tensor: String, width: Int) -> String {
    let length = lanes * width
    let groupsAhead = max(1, 2048 / (length * element.elementType.byteCount))
    return "  ask_for(\(tensor) + first*\(width) + \(groupsAhead * length), \(length));\n"
  }

  /// Lines that define `name0`, `name1`, … for the columns in use of a tensor `[items, width]`.
  func load(_ tensor: String, width: Int, as name: String, columns used: Set<Int>) -> String {
    let rows = "\(tensor) + first*\(width)"
    guard width >= lanes else {
      return used.sorted().map {
        "  const lanes \(name)\($0) = load_column(\(rows) + \($0), \(width), live);\n"
      }.joined()
    }
    var known: Set<Int> = []
    return request(for: tensor, width: width)
      + blocks(width: width).map { start in
        let wanted = (start..<(start + lanes)).filter {
          used.contains($0) && known.insert($0).inserted
        }
        guard !wanted.isEmpty else { return "" }
        let block = "\(name)_\(start)"
        return "  lanes \(block)[\(lanes)];\n"
          + "  load_block(\(block), \(rows) + \(start), \(width), live);\n"
          + wanted.map { "  const lanes \(name)\($0) = \(block)[\($0 - start)];\n" }.joined()
      }.joined()
  }

  /// Lines that write `name0`, `name1`, … to a tensor `[items, width]`.
  func store(_ name: String, to tensor: String, width: Int) -> String {
    let rows = "\(tensor) + first*\(width)"
    guard width >= lanes else {
      return (0..<width).map {
        "  store_column(\(name)\($0), \(rows) + \($0), \(width), live);\n"
      }.joined()
    }
    return request(for: tensor, width: width)
      + blocks(width: width).map { start in
        let columns = (start..<(start + lanes)).map { "\(name)\($0)" }
        return "  {\n    lanes block[\(lanes)] = {\(columns.joined(separator: ", "))};\n"
          + "    store_block(block, \(rows) + \(start), \(width), live);\n  }\n"
      }.joined()
  }

  /// A line of comment before a kernel.
  var comment: String { "// A work-item has \(lanes) items, one in each lane of its vectors.\n" }

  /// Opens the body of a kernel whose work-items have one item each.
  static let singleItem = """
      const index_t item = get_global_id(0);
      if (item >= items) return;

    """

  /// As the method of this name, or the same for a single item.
  static func load(
    _ tensor: String, width: Int, as name: String, columns used: Set<Int>, _ type: KernelType,
    _ lanes: RowLanes?
  ) -> String {
    lanes?.load(tensor, width: width, as: name, columns: used)
      ?? used.sorted().map {
        "  const \(type.name) \(name)\($0) = \(tensor)[item*\(width) + \($0)];\n"
      }.joined()
  }

  /// As the method of this name, or the same for a single item.
  static func store(
    _ name: String, to tensor: String, width: Int, _ lanes: RowLanes?
  ) -> String {
    lanes?.store(name, to: tensor, width: width)
      ?? (0..<width).map { "  \(tensor)[item*\(width) + \($0)] = \(name)\($0);\n" }.joined()
  }

  /// Work-items for so many items.
  func workSize(_ items: Dimension) -> WorkSize { WorkSize(items, itemsPerWorkItem: lanes) }
}
