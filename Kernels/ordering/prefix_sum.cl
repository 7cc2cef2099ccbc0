// Prefix sums: sums[k] = values[0] + ... + values[k - 1], for k = 0 ... extent; or, where FROM_END is
// 1, sums[k] = values[k] + ... + values[extent - 1].
//
// The text before this file (`PrefixSumKernels`) defines `index_t`; `value_t`, of the elements; `sum_t`,
// in which they are added; `result_t`, of the sums written; FROM_END. The axis of a tensor
// [outer, extent, inner] has outer * inner lines, `inner` elements between neighbours on a line.
//
// Few elements are added up by one work-item a line. Many are in three steps: a work-item sums each of
// the line's `parts`, one work-item a line adds those up, and a work-item a part writes the sums. Each
// line's total is kept in `sum_t`, so that a caller can tell that it is too large for `result_t`.

static index_t first_value(const index_t line, const index_t extent, const index_t inner) {
  return line / inner * extent * inner + line % inner;
}

static index_t first_sum(const index_t line, const index_t extent, const index_t inner) {
  return line / inner * (extent + 1) * inner + line % inner;
}

// Adds up the values number begin ... end - 1 in the order of summation, after `sum`.
static sum_t add_range(
    const index_t line, const index_t inner, const index_t extent, const index_t begin,
    const index_t end, global const value_t* values, sum_t sum) {
  values += first_value(line, extent, inner);
  for (index_t k = begin; k < end; ++k) {
    sum += values[(FROM_END ? extent - 1 - k : k) * inner];
  }
  return sum;
}

// The same, and writes each sum before its value is added.
static sum_t write_range(
    const index_t line, const index_t inner, const index_t extent, const index_t begin,
    const index_t end, global const value_t* values, sum_t sum, global result_t* result) {
  values += first_value(line, extent, inner);
  result += first_sum(line, extent, inner);
  for (index_t k = begin; k < end; ++k) {
    result[(FROM_END ? extent - k : k) * inner] = (result_t)sum;
    sum += values[(FROM_END ? extent - 1 - k : k) * inner];
  }
  if (end == extent) result[(FROM_END ? 0 : extent) * inner] = (result_t)sum;
  return sum;
}

kernel void add_up(
    const int lines, const int inner, const int extent, global const value_t* values,
    global result_t* result, global sum_t* totals) {
  const index_t line = get_global_id(0);
  if (line >= lines) return;
  totals[line] = write_range(line, inner, extent, 0, extent, values, 0, result);
}

kernel void sum_parts(
    const int lines, const int inner, const int extent, const int parts,
    global const value_t* values, global sum_t* sums) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * parts) return;
  const index_t line = item % lines, part = item / lines;
  const index_t length = (extent + parts - 1) / parts;
  const index_t begin = min(part * length, (index_t)extent);
  const index_t end = min(begin + length, (index_t)extent);
  sums[line * parts + part] = add_range(line, inner, extent, begin, end, values, 0);
}

// Replaces each part's sum by the sum of those before it.
kernel void add_up_parts(
    const int lines, const int parts, global sum_t* sums, global sum_t* totals) {
  const index_t line = get_global_id(0);
  if (line >= lines) return;
  sums += line * parts;
  sum_t sum = 0;
  for (int part = 0; part < parts; ++part) {
    const sum_t own = sums[part];
    sums[part] = sum;
    sum += own;
  }
  totals[line] = sum;
}

kernel void write_sums(
    const int lines, const int inner, const int extent, const int parts,
    global const value_t* values, global const sum_t* sums, global result_t* result) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * parts) return;
  const index_t line = item % lines, part = item / lines;
  const index_t length = (extent + parts - 1) / parts;
  const index_t begin = min(part * length, (index_t)extent);
  const index_t end = min(begin + length, (index_t)extent);
  // A part that lies beyond the end has nothing to write; the last one's sum is another's.
  if (begin == end && (extent > 0 || part > 0)) return;
  write_range(line, inner, extent, begin, end, values, sums[line * parts + part], result);
}
