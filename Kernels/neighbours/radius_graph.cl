// The edges of a radius graph: counted first, then written, each row by the work-item of its
// receiver.
//
// Candidates are screened in single precision, many at once. Nearly always that tells exactly which
// of them are neighbours; where it does not, the row is searched again, exactly.

// The atoms on the device; see `cell_list.cl`.
#define CELL_LIST \
  global const int* structures, global const frame* frames, global const grid* grids, \
  global const real4* folded, global const int4* homes, global const int* bin_offsets, \
  global const int* slot_atoms, global const float* slot_x, global const float* slot_y, \
  global const float* slot_z

// The vector from a centre to an atom in an image of the cell. All terms change sign with the
// edge's direction, so that an edge and its reverse are equally long, bit by bit.
INLINE real4 edge_vector(
    global const frame* f, const real4 centre, const real4 atom, const int3 image) {
  return (atom - centre) + translation(f, image);
}

// Written so that a compiler has no choice of rounding: all kernels must decide alike.
#define SQUARED_LENGTH(x, y, z) fma(z, z, fma(y, y, (x) * (x)))

// Whether an atom is a neighbour, decided in the search's own precision. Counts those at the
// centre's own point.
INLINE bool is_neighbour(
    global const frame* f, const real4 centre, const real4 atom, const int image,
    const real cutoff_squared, const real coincidence_squared, int* coincident) {
  const real4 edge = edge_vector(f, centre, atom, unpacked_image(image));
  const real squared = SQUARED_LENGTH(edge.x, edge.y, edge.z);
  const bool is_apart = squared > coincidence_squared;
  *coincident += !is_apart;
  return is_apart && squared < cutoff_squared;
}

// The squared distances of LANES slots from a centre, in single precision.
INLINE float_lanes screened_distances(
    const slot_range* range, const int slot, const float4 centre, global const float* slot_x,
    global const float* slot_y, global const float* slot_z) {
  const float_lanes x = (LOAD_LANES(slot_x + slot) - centre.x) + range->shift.x;
  const float_lanes y = (LOAD_LANES(slot_y + slot) - centre.y) + range->shift.y;
  const float_lanes z = (LOAD_LANES(slot_z + slot) - centre.z) + range->shift.z;
  return SQUARED_LENGTH(x, y, z);
}

// Those of LANES slots that belong to the range.
INLINE int_lanes live_lanes(const slot_range* range, const int slot) {
  return LANE_NUMBERS < (int_lanes)(range->end - slot);
}

// The number of set lanes that a sum of masks has counted.
INLINE int lane_count(const int_lanes sum) {
  int count = 0;
#define COUNT(lane) count += IS_TRUE(sum, lane);
  EACH_LANE(COUNT)
  return count;
}

// What the host reads after counting: the number of edges in 64 bits, then the first atom that
// shares its point with another.
#define FIRST_COINCIDENT 2

// One work-item an atom: counts its edges.
LANES_KERNEL void count_edges(
    const int atoms, const real cutoff_squared, const real coincidence_squared, CELL_LIST,
    global int* row_counts, global int* findings) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  global const frame* f = frames + structures[atom];
  const real4 centre = folded[atom];
  const float4 screened_centre = CONVERT_FLOAT4(centre);
  const bin_walk start = walk_around(centre, f, grids + structures[atom], bin_offsets);
  const float near_squared = f->near_squared, far_squared = f->far_squared;
  const float apart_squared = f->apart_squared;
  bin_walk walk = start;
  slot_range range;
  int_lanes near = 0, far = 0, here = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; slot += LANES) {
      const float_lanes squared =
          screened_distances(&range, slot, screened_centre, slot_x, slot_y, slot_z);
      const int_lanes live = live_lanes(&range, slot);
      near += live & (squared < near_squared);
      far += live & (squared < far_squared);
      here += live & (squared <= apart_squared);
    }
  }
  int count = lane_count(near) - 1;
  // Only the atom itself is at its point, and no other is in doubt.
  if (lane_count(here) != 1 || lane_count(far) != count + 1) {
    count = 0;
    int coincident = 0;
    walk = start;
    while (next_range(&walk, &range)) {
      for (int slot = range.begin; slot < range.end; ++slot) {
        count += is_neighbour(f, centre, folded[slot_atoms[slot]], range.image, cutoff_squared,
            coincidence_squared, &coincident);
      }
    }
    if (coincident > 1) atomic_min(findings + FIRST_COINCIDENT, atom);
  }
  row_counts[atom] = count;
}

// The place of entry `own` in its row when that is sorted by key; equal keys keep their order.
// The row ends with LANES - 1 keys that are larger than any.
INLINE int rank(const int* keys, const int own, const int count) {
  const int key = keys[own];
#if LANES == 1
  int smaller = 0;
  for (int k = 0; k < own; ++k) smaller += keys[k] <= key;
  for (int k = own + 1; k < count; ++k) smaller += keys[k] < key;
  return smaller;
#else
  const int8 lanes = (int8)(0, 1, 2, 3, 4, 5, 6, 7);
  int8 smaller = 0;
  for (int k = 0; k < count; k += 8) {
    // A key counts when it is smaller, or equal and before; so an earlier one is taken for one
    // less, by adding the mask. (Subtracting it becomes a zero extension, which Oclgrind 21.10 gets
    // wrong for vectors: a set lane is 255 there.)
    smaller += vload8(0, keys + k) + (lanes < own - k) < key;
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

// Writes what screening finds in a row of at most SHORT_ROW edges, sorted by sender; returns their
// number. Where images are visited in the cell's own order, so are those of one sender.
INLINE int write_screened_row(
    bin_walk walk, const float4 centre, global const int* slot_atoms, global const float* slot_x,
    global const float* slot_y, global const float* slot_z, global int* senders,
    global int* images) {
  int keys[SHORT_ROW + LANES], codes[SHORT_ROW + LANES];
  const float near_squared = walk.f->near_squared, apart_squared = walk.f->apart_squared;
  slot_range range;
  int count = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; slot += LANES) {
      const float_lanes squared =
          screened_distances(&range, slot, centre, slot_x, slot_y, slot_z);
      const int_lanes hits = live_lanes(&range, slot) & (squared < near_squared)
          & (squared > apart_squared);
      // Every lane is stored, and the next one over it unless it was a hit.
#define APPEND(lane) \
  keys[count] = slot_atoms[slot + lane]; \
  codes[count] = range.image; \
  count += IS_TRUE(hits, lane);
      EACH_LANE(APPEND)
    }
  }
  for (int k = 0; k < LANES; ++k) keys[count + k] = INT_MAX;
  for (int k = 0; k < count; ++k) {
    const int place = rank(keys, k, count);
    senders[place] = keys[k];
    images[place] = codes[k];
  }
  return count;
}

// Writes any row, sorted by sender, then image in the cell.
INLINE void write_exact_row(
    bin_walk walk, const real4 centre, const real cutoff_squared, const real coincidence_squared,
    global const real4* folded, global const int* slot_atoms, global int* senders,
    global int* images) {
  slot_range range;
  int count = 0, coincident = 0;
  while (next_range(&walk, &range)) {
    for (int slot = range.begin; slot < range.end; ++slot) {
      const int atom = slot_atoms[slot];
      if (!is_neighbour(walk.f, centre, folded[atom], range.image, cutoff_squared,
              coincidence_squared, &coincident))
        continue;
      senders[count] = atom;
      images[count++] = range.image;
    }
  }
  sort_row(walk.g, senders, images, count);
}

// One work-item an atom: its row of edges.
LANES_KERNEL void write_edges(
    const int atoms, const real cutoff_squared, const real coincidence_squared, CELL_LIST,
    global const int* offsets, global int* senders, global int* receivers, global int* shifts,
    global edge_real* vectors, global edge_real* lengths) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const int begin = offsets[atom], end = offsets[atom + 1];
  global const frame* f = frames + structures[atom];
  global const grid* g = grids + structures[atom];
  const real4 centre = folded[atom];
  const bin_walk walk = walk_around(centre, f, g, bin_offsets);
  // Until the row is done, its receivers hold the images. What screening finds is a part of the
  // row, and so all of it if as many.
  int found = -1;
  if (end - begin <= SHORT_ROW && g->is_original)
    found = write_screened_row(walk, CONVERT_FLOAT4(centre), slot_atoms, slot_x, slot_y, slot_z,
        senders + begin, receivers + begin);
  if (found != end - begin)
    write_exact_row(walk, centre, cutoff_squared, coincidence_squared, folded, slot_atoms,
        senders + begin, receivers + begin);

  const int3 home = homes[atom].xyz;
  for (int edge = begin; edge < end; ++edge) {
    const int sender = senders[edge];
    const int3 image = unpacked_image(receivers[edge]);
    const real4 vector = edge_vector(f, centre, folded[sender], image);
    receivers[edge] = atom;
    vstore3(image_in_cell(g, image - homes[sender].xyz + home), edge, shifts);
    vectors[3 * edge] = (edge_real)vector.x;
    vectors[3 * edge + 1] = (edge_real)vector.y;
    vectors[3 * edge + 2] = (edge_real)vector.z;
    lengths[edge] = sqrt((edge_real)SQUARED_LENGTH(vector.x, vector.y, vector.z));
  }
}

// One work-item an atom: the edges that it sends, by receiver. Each edge has its reverse, so they
// are as many as the edges that it receives, and the row of the atom names their receivers.
LANES_KERNEL void transpose_edges(
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
