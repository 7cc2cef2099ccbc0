// Prefix sums of counts: offsets[k] = counts[0] + ... + counts[k - 1], for k = 0 ... count.
//
// A few counts are added up by one work-item. Many are in three steps: a work-item sums each chunk
// of `chunk` counts, one work-item adds up the chunks' sums, and a work-item a chunk writes the
// offsets. The total is kept in 64 bits, so that a caller can tell that it is too large for the
// 32-bit offsets.

kernel void add_up_counts(
    const int count, global const int* counts, global int* offsets, global long* total) {
  if (get_global_id(0) > 0) return;
  long sum = 0;
  for (int k = 0; k < count; ++k) {
    offsets[k] = (int)sum;
    sum += counts[k];
  }
  offsets[count] = (int)sum;
  *total = sum;
}

kernel void sum_chunks(
    const int count, const int chunk, global const int* counts, global long* sums) {
  const int begin = (int)get_global_id(0) * chunk;
  if (begin >= count) return;
  const int end = min(begin + chunk, count);
  long sum = 0;
  for (int k = begin; k < end; ++k) sum += counts[k];
  sums[get_global_id(0)] = sum;
}

// Replaces each chunk's sum by the sum of those before it.
kernel void add_up_chunks(const int chunks, global long* sums, global long* total) {
  if (get_global_id(0) > 0) return;
  long sum = 0;
  for (int k = 0; k < chunks; ++k) {
    const long own = sums[k];
    sums[k] = sum;
    sum += own;
  }
  *total = sum;
}

kernel void write_offsets(
    const int count, const int chunk, global const int* counts, global const long* sums,
    global int* offsets) {
  const int begin = (int)get_global_id(0) * chunk;
  if (begin >= count) return;
  const int end = min(begin + chunk, count);
  int offset = (int)sums[get_global_id(0)];
  for (int k = begin; k < end; ++k) {
    offsets[k] = offset;
    offset += counts[k];
  }
  if (end == count) offsets[count] = offset;
}
