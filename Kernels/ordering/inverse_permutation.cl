// The inverse of the permutation on each line: inverse[order[k]] = k. The text before this file defines
// `index_t`. A work-item an element.

kernel void inverse_permutation(
    const int lines, const int extent, global const int* order, global int* inverse) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * extent) return;
  const index_t line = item / extent;
  inverse[line * extent + order[item]] = item % extent;
}
