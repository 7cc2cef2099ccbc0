// The way of a search through the bins around an atom: column by column of bins along the third
// axis, which stand next to each other in memory.

// Atoms to test against a centre: some slots, all in one image of the cell, shifted alike (in
// single precision, for screening).
typedef struct {
  int begin, end;
  int image;
  float shift_x, shift_y, shift_z;
} slot_range;

// Bins are numbered as if they went on beyond the cell.
typedef struct {
  global const frame* f;
  global const grid* g;
  global const int* bin_offsets;
  int x, y, z;
  int first_y, first_z, last_x, last_y, last_z;
} bin_walk;

// The first and the last bin along an axis that may hold neighbours of an atom in bin `home`.
INLINE int2 bins_in_reach(global const grid* g, const int axis, const int home) {
  const int2 bins = (int2)(home - g->reach[axis], home + g->reach[axis]);
  return g->periodic[axis] ? bins : clamp(bins, 0, g->bins[axis] - 1);
}

INLINE bin_walk walk_around(
    const int bin, global const frame* f, global const grid* g,
    global const int* bin_offsets) {
  const int home = bin - g->first_bin;
  const int2 x = bins_in_reach(g, 0, home / g->bins[2] / g->bins[1]);
  const int2 y = bins_in_reach(g, 1, home / g->bins[2] % g->bins[1]);
  const int2 z = bins_in_reach(g, 2, home % g->bins[2]);
  bin_walk walk;
  walk.f = f;
  walk.g = g;
  walk.bin_offsets = bin_offsets + g->first_bin;
  walk.x = x.s0;
  walk.y = walk.first_y = y.s0;
  walk.z = walk.first_z = z.s0;
  walk.last_x = x.s1;
  walk.last_y = y.s1;
  walk.last_z = z.s1;
  return walk;
}

// The next atoms to test, images in ascending order; false when there are none left.
INLINE bool next_range(bin_walk* walk, slot_range* range) {
  global const grid* g = walk->g;
  if (walk->z > walk->last_z) {
    walk->z = walk->first_z;
    if (++walk->y > walk->last_y) {
      walk->y = walk->first_y;
      if (++walk->x > walk->last_x) return false;
    }
  }
  const int image_x = floor_quotient(walk->x, g->bins[0]);
  const int image_y = floor_quotient(walk->y, g->bins[1]);
  const int image_z = floor_quotient(walk->z, g->bins[2]);
  const int x = walk->x - image_x * g->bins[0];
  const int y = walk->y - image_y * g->bins[1];
  const int z = walk->z - image_z * g->bins[2];
  const int last = min(walk->last_z - image_z * g->bins[2], g->bins[2] - 1);
  global const int* column = walk->bin_offsets + (x * g->bins[1] + y) * g->bins[2];
  range->begin = column[z];
  range->end = column[last + 1];
  range->image = packed_image(image_x, image_y, image_z);
  range->shift_x = range->shift_y = range->shift_z = 0;
  if ((image_x | image_y | image_z) != 0) {
    range->shift_x = translation(walk->f, image_x, image_y, image_z, 0);
    range->shift_y = translation(walk->f, image_x, image_y, image_z, 1);
    range->shift_z = translation(walk->f, image_x, image_y, image_z, 2);
  }
  walk->z += last - z + 1;
  return true;
}
