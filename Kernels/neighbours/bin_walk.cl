// The way of a search through the bins around an atom: column by column of bins along the third
// axis, which stand next to each other in memory.

// Atoms to test against a centre: some slots, all in one image of the cell, shifted alike (in
// single precision, for screening).
typedef struct {
  int begin, end;
  int image;
  float4 shift;
} slot_range;

// Counts slabs, as if they went on beyond the cell.
typedef struct {
  global const frame* f;
  global const grid* g;
  global const int* bin_offsets;
  int x, y, z;
  int first_y, first_z, last_x, last_y, last_z;
} bin_walk;

INLINE bin_walk walk_around(
    const real4 centre, global const frame* f, global const grid* g,
    global const int* bin_offsets) {
  const int x = slab_of(f, g, 0, centre);
  const int y = slab_of(f, g, 1, centre);
  const int z = slab_of(f, g, 2, centre);
  bin_walk walk;
  walk.f = f;
  walk.g = g;
  walk.bin_offsets = bin_offsets + g->first_bin;
  walk.x = x - g->reach[0];
  walk.y = walk.first_y = y - g->reach[1];
  walk.z = walk.first_z = z - g->reach[2];
  walk.last_x = x + g->reach[0];
  walk.last_y = y + g->reach[1];
  walk.last_z = z + g->reach[2];
  return walk;
}

// The image of the cell in which a slab lies.
INLINE int image_of(global const grid* g, const int axis, const int slab) {
  return g->slabs[axis] > 0 ? floor_quotient(slab, g->slabs[axis]) : 0;
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
  const int3 image = (int3)(
      image_of(g, 0, walk->x), image_of(g, 1, walk->y), image_of(g, 2, walk->z));
  const int x = wrapped(walk->x, g->bins[0]);
  const int y = wrapped(walk->y, g->bins[1]);
  const int z = wrapped(walk->z, g->bins[2]);
  // Cells end where rows of bins do.
  const int last = min(z + walk->last_z - walk->z, g->bins[2] - 1);
  global const int* row = walk->bin_offsets + (x * g->bins[1] + y) * g->bins[2];
  range->begin = row[z];
  range->end = row[last + 1];
  range->image = packed_image(image);
  range->shift = CONVERT_FLOAT4(translation(walk->f, image));
  walk->z += last - z + 1;
  return true;
}
