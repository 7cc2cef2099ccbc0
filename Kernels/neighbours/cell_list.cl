// Sorts the atoms into bins. Within a bin atoms stand in the order of their numbers, so that what
// is made from the list does not depend on the order in which work-items ran.

// One work-item an atom: folds it into the cell, finds its bin, and takes a place in it. The place
// depends on the order of work-items; `sort_bins` undoes that.
kernel void assign_bins(
    const int atoms, global const real4* positions, global const int* structures,
    global const frame* frames, global const grid* grids, global real4* folded,
    global int4* homes, global int2* places, global int* bin_counts) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  const int structure = structures[atom];
  global const frame* f = frames + structure;
  global const grid* g = grids + structure;
  const real4 position = positions[atom];
  int image[3];
  int bin = 0;
  for (int axis = 0; axis < 3; ++axis) {
    global const real* row = f->inverse + 3 * axis;
    real coordinate = fma(position.z, row[2], fma(position.y, row[1], position.x * row[0]));
    const real whole = g->periodic[axis] ? floor(coordinate) : (real)0;
    image[axis] = (int)whole;
    coordinate -= whole;
    // What lies outside an axis' bins counts to the outermost one.
    const real place = (coordinate - f->origin[axis]) * f->bins_per_unit[axis];
    const int last = g->bins[axis] - 1;
    bin = bin * g->bins[axis] + (int)clamp(place, (real)0, (real)last);
  }
  bin += g->first_bin;
  folded[atom] = (real4)(
      position.x - translation(f, image[0], image[1], image[2], 0),
      position.y - translation(f, image[0], image[1], image[2], 1),
      position.z - translation(f, image[0], image[1], image[2], 2), 0);
  homes[atom] = (int4)(image[0], image[1], image[2], bin);
  places[atom] = (int2)(bin, atomic_inc(bin_counts + bin));
}

kernel void scatter_to_bins(
    const int atoms, global const int2* places, global const int* bin_offsets,
    global int* members) {
  const int atom = get_global_id(0);
  if (atom >= atoms) return;
  members[bin_offsets[places[atom].x] + places[atom].y] = atom;
}

// One work-item an atom: its rank among the atoms of its bin is its slot there. Slots hold
// coordinates in single precision, for screening. The items past the last atom fill the lanes that
// a search reads too many.
kernel void sort_bins(
    const int atoms, const int padding, global const int4* homes, global const int* bin_offsets,
    global const int* members, global const real4* folded, global int* slot_atoms,
    global float* slot_x, global float* slot_y, global float* slot_z) {
  const int atom = get_global_id(0);
  if (atom >= atoms + padding) return;
  if (atom >= atoms) {
    slot_atoms[atom] = 0;
    slot_x[atom] = slot_y[atom] = slot_z[atom] = INFINITY;
    return;
  }
  const int bin = homes[atom].w;
  const int end = bin_offsets[bin + 1];
  int slot = bin_offsets[bin];
  for (int k = slot; k < end; ++k) slot += members[k] < atom;
  slot_atoms[slot] = atom;
  slot_x[slot] = folded[atom].x;
  slot_y[slot] = folded[atom].y;
  slot_z[slot] = folded[atom].z;
}
