// The edges of a radius graph: counted first, then written, each row by the work-item of its
// receiver. Both passes walk the same bins and decide by the same numbers.

// The atoms on the device; see `cell_list.cl`.
#define CELL_LIST \
  global const int* structures, global const frame* frames, global const grid* grids, \
  global const real4* folded, global const int4* homes, global const int* bin_offsets, \
  global const int* slot_atoms, global const real* slot_x, global const real* slot_y, \
  global const real* slot_z

// From the centre to an atom. The signs of all terms turn with the edge's, so that an edge and its
// reverse are equally long, bit by bit; and fma leaves the compiler no choice of rounding.
#define DIFFERENCE(theirs, ours, shift) (((theirs) - (ours)) + (shift))
#define SQUARED_LENGTH(x, y, z) fma(z, z, fma(y, y, (x) * (x)))

// The squared distances of LANES slots from a centre.
#define SQUARED_DISTANCES(slot, range, centre) SQUARED_LENGTH( \
    DIFFERENCE(LOAD_LANES(slot_x + (slot)), (centre).x, (range).shift_x), \
    DIFFERENCE(LOAD_LANES(slot_y + (slot)), (centre).y, (range).shift_y), \
    DIFFERENCE(LOAD_LANES(slot_z + (slot)), (centre).z, (range).shift_z))

// Those of LANES slots that belong to the range.
#define LIVE_LANES(slot, range) (LANE_NUMBERS < (mask_lanes)((range).end - (slot)))

// One work-item an atom: counts its edges. `first_coincident` becomes the first atom that shares
// its point with another.
kernel void count_edges(
    const int atoms, const real cutoff_squared, const real coincidence_squared, CELL_LIST,
    global int* row_counts, global int* first_coincident) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const real4 centre = folded[atom];
  bin_walk walk = walk_around(
      homes[atom].w, frames + structures[atom], grids + structures[atom], bin_offsets);
  slot_range range;
  mask_lanes near = 0, here = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; slot += LANES) {
      const real_lanes squared = SQUARED_DISTANCES(slot, range, centre);
      const mask_lanes live = LIVE_LANES(slot, range);
      near += live & (squared < cutoff_squared);
      here += live & (squared <= coincidence_squared);
    }
  }
  int count = 0, at_point = 0;
#define COUNT(lane) count += IS_SET(near, lane); at_point += IS_SET(here, lane);
  EACH_LANE(COUNT)
  row_counts[atom] = count - at_point;
  if (at_point > 1) atomic_min(first_coincident, atom);
}

// The place of entry `own` in its row when that is sorted by key; equal keys keep their order.
// The row ends with KEY_LANES - 1 keys that are larger than any.
INLINE int rank(const int* keys, const int own, const int count) {
  const int key = keys[own];
#if KEY_LANES == 1
  int smaller = 0;
  for (int k = 0; k < own; ++k) smaller += keys[k] <= key;
  for (int k = own + 1; k < count; ++k) smaller += keys[k] < key;
  return smaller;
#else
  const int8 lanes = (int8)(0, 1, 2, 3, 4, 5, 6, 7);
  int8 smaller = 0;
  for (int k = 0; k < count; k += 8) {
    // A key counts when it is smaller, or equal and before; so an earlier one's bound is key + 1.
    smaller += vload8(0, keys + k) < key - (lanes < own - k);
  }
  const int4 four = smaller.lo + smaller.hi;
  const int2 two = four.lo + four.hi;
  return -(two.x + two.y);
#endif
}

// Whether an edge by one sender and image comes before another of the same receiver.
INLINE bool precedes(
    global const grid* g, const int sender, const int code, const int other_sender,
    const int other_code) {
  if (sender != other_sender) return sender < other_sender;
  const int3 image = image_in_cell(g, unpacked_image(code));
  const int3 other = image_in_cell(g, unpacked_image(other_code));
  return image.x != other.x ? image.x < other.x
      : image.y != other.y  ? image.y < other.y
                            : image.z < other.z;
}

// Moves an entry down the heap below `root` until what follows it precedes it.
INLINE void sift_down(
    global const grid* g, global int* senders, global int* codes, int root, const int count,
    const int sender, const int code) {
  for (;;) {
    int child = 2 * root + 1;
    if (child >= count) break;
    if (child + 1 < count
        && precedes(g, senders[child], codes[child], senders[child + 1], codes[child + 1]))
      ++child;
    if (!precedes(g, sender, code, senders[child], codes[child])) break;
    senders[root] = senders[child];
    codes[root] = codes[child];
    root = child;
  }
  senders[root] = sender;
  codes[root] = code;
}

// Sorts a row in place, by heap.
INLINE void sort_row(
    global const grid* g, global int* senders, global int* codes, const int count) {
  for (int root = count / 2 - 1; root >= 0; --root)
    sift_down(g, senders, codes, root, count, senders[root], codes[root]);
  for (int last = count - 1; last > 0; --last) {
    const int sender = senders[last], code = codes[last];
    senders[last] = senders[0];
    codes[last] = codes[0];
    sift_down(g, senders, codes, 0, last, sender, code);
  }
}

// Writes a row of at most SHORT_ROW edges, sorted by sender. Where images are visited in the
// cell's own order, so are those of one sender.
INLINE void write_short_row(
    bin_walk walk, const real4 centre, const real cutoff_squared, const real coincidence_squared,
    global const int* slot_atoms, global const real* slot_x, global const real* slot_y,
    global const real* slot_z, global int* senders, global int* images) {
  int keys[SHORT_ROW + LANES + KEY_LANES], codes[SHORT_ROW + LANES + KEY_LANES];
  slot_range range;
  int count = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; slot += LANES) {
      const real_lanes squared = SQUARED_DISTANCES(slot, range, centre);
      const mask_lanes hit = LIVE_LANES(slot, range) & (squared < cutoff_squared)
          & (squared > coincidence_squared);
      // Every lane is stored, and the next one over it unless it was a hit.
#define APPEND(lane) \
  keys[count] = slot_atoms[slot + lane]; \
  codes[count] = range.image; \
  count += IS_SET(hit, lane);
      EACH_LANE(APPEND)
    }
  }
  for (int k = 0; k < KEY_LANES; ++k) keys[count + k] = INT_MAX;
  for (int k = 0; k < count; ++k) {
    const int place = rank(keys, k, count);
    senders[place] = keys[k];
    images[place] = codes[k];
  }
}

// Writes any row, sorted by sender, then image in the cell.
INLINE void write_long_row(
    bin_walk walk, const real4 centre, const real cutoff_squared, const real coincidence_squared,
    global const int* slot_atoms, global const real* slot_x, global const real* slot_y,
    global const real* slot_z, global int* senders, global int* images) {
  slot_range range;
  int count = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; slot += LANES) {
      const real_lanes squared = SQUARED_DISTANCES(slot, range, centre);
      const mask_lanes hit = LIVE_LANES(slot, range) & (squared < cutoff_squared)
          & (squared > coincidence_squared);
#define APPEND_IF_HIT(lane) \
  if (IS_SET(hit, lane)) { \
    senders[count] = slot_atoms[slot + lane]; \
    images[count++] = range.image; \
  }
      EACH_LANE(APPEND_IF_HIT)
    }
  }
  sort_row(walk.g, senders, images, count);
}

// One work-item an atom: its row of edges.
kernel void write_edges(
    const int atoms, const real cutoff_squared, const real coincidence_squared, CELL_LIST,
    global const int* offsets, global int* senders, global int* receivers, global int* shifts,
    global edge_real* vectors, global edge_real* lengths) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const int begin = offsets[atom], end = offsets[atom + 1];
  global const frame* f = frames + structures[atom];
  global const grid* g = grids + structures[atom];
  const real4 centre = folded[atom];
  const bin_walk walk = walk_around(homes[atom].w, f, g, bin_offsets);
  // Until the row is sorted, its receivers hold the images.
  if (end - begin <= SHORT_ROW && g->is_original)
    write_short_row(walk, centre, cutoff_squared, coincidence_squared, slot_atoms, slot_x, slot_y,
        slot_z, senders + begin, receivers + begin);
  else
    write_long_row(walk, centre, cutoff_squared, coincidence_squared, slot_atoms, slot_x, slot_y,
        slot_z, senders + begin, receivers + begin);

  const int3 home = homes[atom].xyz;
  for (int edge = begin; edge < end; ++edge) {
    const int sender = senders[edge];
    const int3 image = unpacked_image(receivers[edge]);
    const real4 other = folded[sender];
    const real x =
        DIFFERENCE(other.x, centre.x, translation(f, image.x, image.y, image.z, 0));
    const real y =
        DIFFERENCE(other.y, centre.y, translation(f, image.x, image.y, image.z, 1));
    const real z =
        DIFFERENCE(other.z, centre.z, translation(f, image.x, image.y, image.z, 2));
    receivers[edge] = atom;
    vstore3(image_in_cell(g, image - homes[sender].xyz + home), edge, shifts);
    vectors[3 * edge] = (edge_real)x;
    vectors[3 * edge + 1] = (edge_real)y;
    vectors[3 * edge + 2] = (edge_real)z;
    lengths[edge] = sqrt((edge_real)SQUARED_LENGTH(x, y, z));
  }
}

// One work-item an atom: the edges that it sends, by receiver. Each edge has its reverse, so they
// are as many as the edges that it receives, and the row of the atom names their receivers.
kernel void transpose_edges(
    const int atoms, global const int* offsets, global const int* senders, global int* order) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const int begin = offsets[atom], end = offsets[atom + 1];
  int previous = -1, edge = 0;
  for (int place = begin; place < end; ++place) {
    const int receiver = senders[place];
    // Edges of one pair of atoms, by several images, follow one another in both orders.
    if (receiver == previous) {
      order[place] = ++edge;
      continue;
    }
    previous = receiver;
    // The first edge of the receiver's row whose sender is not smaller; a search without branches.
    edge = offsets[receiver];
    for (int left = offsets[receiver + 1] - edge; left > 1;) {
      const int half_left = left / 2;
      edge += senders[edge + half_left - 1] < atom ? half_left : 0;
      left -= half_left;
    }
    order[place] = edge;
  }
}
