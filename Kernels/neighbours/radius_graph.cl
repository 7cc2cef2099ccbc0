// The edges of a radius graph: counted first, then written, each row by the work-item of its
// receiver. Both passes walk the same bins and take the same decisions.

// Appends the atoms of lane `lane` where they are hits: stores always, and steps on for a hit.
#define APPEND(lane) \
  keys[count] = slot_atoms[slot + lane]; \
  codes[count] = code; \
  count += IS_SET(hit, lane);

// Visits the atoms within the cutoff of one atom, images in ascending order. Returns their
// number; with `collects` also their numbers and images, in rows with LANES - 1 to spare.
// `coincident` becomes the number of atoms, itself included, at the atom's own point.
INLINE int search(
    const bool collects, const real4 centre, const int home_bin, const real cutoff_squared,
    const real coincidence_squared, global const frame* f, global const grid* g,
    global const int* bin_offsets, global const int* slot_atoms, global const real* slot_x,
    global const real* slot_y, global const real* slot_z, global int* keys, global int* codes,
    int* coincident) {
  const int bins_x = g->bins[0], bins_y = g->bins[1], bins_z = g->bins[2];
  const int home = home_bin - g->first_bin;
  const int home_z = home % bins_z;
  const int home_y = home / bins_z % bins_y;
  const int home_x = home / bins_z / bins_y;
  const bool repeats_x = g->periodic[0], repeats_y = g->periodic[1], repeats_z = g->periodic[2];
  const int low_z = repeats_z ? home_z - g->reach[2] : max(home_z - g->reach[2], 0);
  const int high_z = repeats_z ? home_z + g->reach[2] : min(home_z + g->reach[2], bins_z - 1);
  int count = 0;
  mask_lanes within = 0, at_centre = 0;

  for (int x = home_x - g->reach[0]; x <= home_x + g->reach[0]; ++x) {
    const int image_x = floor_quotient(x, bins_x);
    if (image_x != 0 && !repeats_x) continue;
    for (int y = home_y - g->reach[1]; y <= home_y + g->reach[1]; ++y) {
      const int image_y = floor_quotient(y, bins_y);
      if (image_y != 0 && !repeats_y) continue;
      global const int* row = bin_offsets + g->first_bin
          + ((x - image_x * bins_x) * bins_y + y - image_y * bins_y) * bins_z;
      for (int image_z = floor_quotient(low_z, bins_z); image_z * bins_z <= high_z; ++image_z) {
        const int begin = row[max(low_z - image_z * bins_z, 0)];
        const int end = row[min(high_z - image_z * bins_z, bins_z - 1) + 1];
        const int code = packed_image(image_x, image_y, image_z);
        const real shift_x = translation(f, image_x, image_y, image_z, 0);
        const real shift_y = translation(f, image_x, image_y, image_z, 1);
        const real shift_z = translation(f, image_x, image_y, image_z, 2);
        for (int slot = begin; slot < end; slot += LANES) {
          const real_lanes dx = (LOAD_LANES(slot_x + slot) - centre.x) + shift_x;
          const real_lanes dy = (LOAD_LANES(slot_y + slot) - centre.y) + shift_y;
          const real_lanes dz = (LOAD_LANES(slot_z + slot) - centre.z) + shift_z;
          const real_lanes squared = fma(dz, dz, fma(dy, dy, dx * dx));
          const mask_lanes live = LANE_NUMBERS < (mask_lanes)(end - slot);
          const mask_lanes near = live & (squared < cutoff_squared);
          const mask_lanes here = live & (squared <= coincidence_squared);
          if (collects) {
            const mask_lanes hit = near & (squared > coincidence_squared);
            EACH_LANE(APPEND)
          } else {
            within += near;
            at_centre += here;
          }
        }
      }
    }
  }
  if (collects) return count;
  int at_point = 0;
#define COUNT(lane) count += IS_SET(within, lane); at_point += IS_SET(at_centre, lane);
  EACH_LANE(COUNT)
  *coincident = at_point;
  return count - at_point;
}

// One work-item an atom, in the order of the bins, so that neighbouring work-items read the same
// memory. `first_coincident` becomes the first atom that shares its point with another.
kernel void count_edges(
    const int atoms, const real cutoff_squared, const real coincidence_squared,
    global const int* structures, global const frame* frames, global const grid* grids,
    global const real4* folded, global const int4* homes, global const int* bin_offsets,
    global const int* slot_atoms, global const real* slot_x, global const real* slot_y,
    global const real* slot_z, global int* row_counts, global int* first_coincident) {
  const int slot = get_global_id(0);
  if (slot >= atoms) return;
  const int atom = slot_atoms[slot];
  const int structure = structures[atom];
  int coincident;
  row_counts[atom] = search(
      false, folded[atom], homes[atom].w, cutoff_squared, coincidence_squared,
      frames + structure, grids + structure, bin_offsets, slot_atoms, slot_x, slot_y, slot_z, 0, 0,
      &coincident);
  if (coincident > 1) atomic_min(first_coincident, atom);
}

// The place of entry `own` in its row when that is sorted by key; equal keys keep their order.
// The row ends with KEY_LANES - 1 keys that are larger than any.
INLINE int rank(global const int* keys, const int own, const int count) {
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
    const int8 bound = key - (lanes < own - k);
    smaller += vload8(0, keys + k) < bound;
  }
  const int4 four = smaller.lo + smaller.hi;
  const int2 two = four.lo + four.hi;
  return -(two.x + two.y);
#endif
}

// In a basis other than the cell's own, images are not visited in the order of the cell's: sorts a
// row by key, then image in the cell.
INLINE void sort_row(
    global const grid* g, global int* keys, global int* codes, const int count) {
  for (int k = 1; k < count; ++k) {
    const int key = keys[k], code = codes[k];
    const int3 image = image_in_cell(g, unpacked_image(code));
    int place = k;
    for (; place > 0; --place) {
      const int other_key = keys[place - 1], other_code = codes[place - 1];
      if (other_key < key) break;
      if (other_key == key) {
        const int3 other = image_in_cell(g, unpacked_image(other_code));
        const bool follows = other.x != image.x ? other.x > image.x
            : other.y != image.y               ? other.y > image.y
                                               : other.z > image.z;
        if (!follows) break;
      }
      keys[place] = other_key;
      codes[place] = other_code;
    }
    keys[place] = key;
    codes[place] = code;
  }
}

// One work-item an atom: its row, sorted by sender, then image. `keys` and `codes` are scratch
// with `spare` places more a row than there are edges.
kernel void write_edges(
    const int atoms, const int spare, const real cutoff_squared, const real coincidence_squared,
    global const int* structures, global const frame* frames, global const grid* grids,
    global const real4* folded, global const int4* homes, global const int* bin_offsets,
    global const int* slot_atoms, global const real* slot_x, global const real* slot_y,
    global const real* slot_z, global const int* offsets, global int* all_keys,
    global int* all_codes, global int* senders, global int* receivers, global int* shifts,
    global edge_real* vectors, global edge_real* lengths) {
  const int slot = get_global_id(0);
  if (slot >= atoms) return;
  const int atom = slot_atoms[slot];
  const int begin = offsets[atom];
  global const frame* f = frames + structures[atom];
  global const grid* g = grids + structures[atom];
  global int* keys = all_keys + begin + spare * atom;
  global int* codes = all_codes + begin + spare * atom;
  const real4 centre = folded[atom];
  const int4 home = homes[atom];
  int coincident;
  const int count = search(
      true, centre, home.w, cutoff_squared, coincidence_squared, f, g, bin_offsets, slot_atoms,
      slot_x, slot_y, slot_z, keys, codes, &coincident);
  for (int k = 0; k < spare; ++k) keys[count + k] = INT_MAX;

  if (!g->is_original) sort_row(g, keys, codes, count);

  for (int k = 0; k < count; ++k) {
    const int sender = keys[k];
    const int edge = begin + rank(keys, k, count);
    const int3 image = unpacked_image(codes[k]);
    const real4 other = folded[sender];
    const real dx = (other.x - centre.x) + translation(f, image.x, image.y, image.z, 0);
    const real dy = (other.y - centre.y) + translation(f, image.x, image.y, image.z, 1);
    const real dz = (other.z - centre.z) + translation(f, image.x, image.y, image.z, 2);
    senders[edge] = sender;
    receivers[edge] = atom;
    vstore3(image_in_cell(g, image - homes[sender].xyz + home.xyz), edge, shifts);
    vectors[3 * edge] = (edge_real)dx;
    vectors[3 * edge + 1] = (edge_real)dy;
    vectors[3 * edge + 2] = (edge_real)dz;
    lengths[edge] = sqrt((edge_real)fma(dz, dz, fma(dy, dy, dx * dx)));
  }
}

// One work-item an atom: the edges that it sends, by receiver. Each edge has its reverse, so they
// are as many as the edges that it receives, and the row of the atom names their receivers.
kernel void transpose_edges(
    const int atoms, global const int* offsets, global const int* senders, global int* order) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const int begin = offsets[atom], end = offsets[atom + 1];
  int place = begin;
  while (place < end) {
    const int receiver = senders[place];
    int low = offsets[receiver], high = offsets[receiver + 1];
    while (low < high) {
      const int middle = (low + high) / 2;
      if (senders[middle] < atom) low = middle + 1;
      else high = middle;
    }
    // Edges of one pair of atoms, by several images, follow one another in both orders.
    do order[place++] = low++;
    while (place < end && senders[place] == receiver);
  }
}
