// A segment of numbers that are at least 0 and below `bound`, sorted in ascending order by one work-item:
// one digit after the other, the lowest first. `first` and `second` are room for the numbers at the places
// of the segment. The result is in one of them, or still in `numbers` where that is sorted already.

#define SEGMENT_DIGIT_BITS 8
#define SEGMENT_RADIX (1 << SEGMENT_DIGIT_BITS)

static global const int* sort_segment(
    global const int* numbers, const int begin, const int end, const int bound, global int* first,
    global int* second) {
  int is_sorted = 1;
  for (int k = begin + 1; k < end; ++k) is_sorted &= numbers[k - 1] <= numbers[k];
  if (is_sorted) return numbers;
  global int* target = first;
  for (int shift = 0; shift < 31 && (bound - 1) >> shift > 0; shift += SEGMENT_DIGIT_BITS) {
    int next[SEGMENT_RADIX + 1];
    for (int d = 0; d <= SEGMENT_RADIX; ++d) next[d] = 0;
    for (int k = begin; k < end; ++k) ++next[((numbers[k] >> shift) & (SEGMENT_RADIX - 1)) + 1];
    next[0] = begin;
    for (int d = 1; d < SEGMENT_RADIX; ++d) next[d] += next[d - 1];
    for (int k = begin; k < end; ++k) {
      target[next[(numbers[k] >> shift) & (SEGMENT_RADIX - 1)]++] = numbers[k];
    }
    numbers = target;
    target = target == first ? second : first;
  }
  return numbers;
}

// A work-item computes a band of rows of result_x, all channels.
// Reads y [item, 4], weight [item, 112], out [indices_1[item], 240].
// Writes result_x [row, 80]: the sum over the items of each row.
__kernel void contraction(
    __global const float* restrict y,
    __global const float* restrict weight,
    __global const float* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global const int* restrict order,
    __global const int* restrict offsets,
    __global int* restrict sorted_0,
    __global int* restrict sorted_1,
    __global float* restrict result_x,
    const int items,
    const int rows) {
  const int row = get_global_id(0);
  if (row >= rows) return;
  const int band = (rows - 1)/(int)get_global_size(0) + 1;
  const int first_row = min(row*band, rows);
  const int last_row = min(first_row + band, rows);
  const int begin = offsets[first_row];
  const int end = offsets[last_row];
  // The items of these rows, in ascending order.
  __global const int* sorted = sort_segment(order, begin, end, items, sorted_0, sorted_1);
  float scalars[4][11];
  index_t weight_start[4];
  index_t out_start[4];
  index_t result_start[4];
  index_t result_next[4];
  index_t weight_next[4];
  index_t out_next[4];
  for (index_t i = (index_t)first_row*80; i < (index_t)last_row*80; i++) result_x[i] = 0;
  for (int first = begin; first < end; first += 4) {
    const int count = min(4, end - first);
    for (int b = 0; b < count; b++) {
      const int item = sorted[first + b];
      weight_start[b] = (index_t)item*112;
      out_start[b] = (index_t)indices_1[item]*240;
      const int next_item = sorted[min(first + b + 4, end - 1)];
      weight_next[b] = (index_t)next_item*112;
      out_next[b] = (index_t)indices_1[next_item]*240;
      result_start[b] = (index_t)indices_0[item]*80;
      result_next[b] = (index_t)indices_0[next_item]*80;
      __global const float* restrict y_row = y + (index_t)item*4;
      scalars[b][0] = y_row[0];
      scalars[b][1] = y_row[1];
      scalars[b][2] = y_row[2];
      scalars[b][3] = y_row[3];
      scalars[b][4] = y_row[0];
      scalars[b][5] = 0.57735026f*y_row[1];
      scalars[b][6] = 0.57735026f*y_row[2];
      scalars[b][7] = 0.57735026f*y_row[3];
      scalars[b][8] = 0.70710677f*y_row[2];
      scalars[b][9] = 0.70710677f*y_row[3];
      scalars[b][10] = 0.70710677f*y_row[1];
    }
    for (int lane = 0; lane < 32; lane += 16) {
      for (int b = 0; b < count; b++) {
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const float* restrict out_row = out + out_start[b] + lane;
        __global const float* restrict out_ahead = out + out_next[b] + lane;
        float16 result_x_0 = vload16(0, result_x + result_start[b] + lane);
        PREFETCH(result_x + result_next[b] + lane + 0);
        // path 0
        const float16 weight_0 = vload16(0, weight_row);
        PREFETCH(weight_ahead + 0 + lane);
        const float16 out_0 = vload16(0, out_row);
        PREFETCH(out_ahead + 0);
        const float16 common_0 = weight_0*out_0;
        result_x_0 += scalars[b][0]*common_0;
        // path 1
        const float16 weight_32 = vload16(0, weight_row + 32);
        PREFETCH(weight_ahead + 16 + lane);
        const float16 out_48 = vload16(0, out_row + 48);
        PREFETCH(out_ahead + 48 + lane*2);
        const float16 out_80 = vload16(0, out_row + 80);
        PREFETCH(out_ahead + 64 + lane*2);
        const float16 out_112 = vload16(0, out_row + 112);
        PREFETCH(out_ahead + 80 + lane*2);
        result_x_0 += weight_32*(scalars[b][1]*out_48 + scalars[b][2]*out_80 + scalars[b][3]*out_112);
        vstore16(result_x_0, 0, result_x + result_start[b] + lane);
      }
    }
    for (int lane = 0; lane < 16; lane += 16) {
      for (int b = 0; b < count; b++) {
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const float* restrict out_row = out + out_start[b] + lane;
        __global const float* restrict out_ahead = out + out_next[b] + lane;
        float16 result_x_32 = vload16(0, result_x + result_start[b] + lane + 32);
        PREFETCH(result_x + result_next[b] + lane + 32);
        float16 result_x_48 = vload16(0, result_x + result_start[b] + lane + 48);
        PREFETCH(result_x + result_next[b] + lane + 48);
        float16 result_x_64 = vload16(0, result_x + result_start[b] + lane + 64);
        PREFETCH(result_x + result_next[b] + lane + 64);
        // path 2
        const float16 weight_64 = vload16(0, weight_row + 64);
        PREFETCH(weight_ahead + 64 + lane*2);
        const float16 out_144 = vload16(0, out_row + 144);
        PREFETCH(out_ahead + 144 + lane*5);
        const float16 scaled_2_144 = weight_64*out_144;
        result_x_32 += scalars[b][4]*scaled_2_144;
        const float16 out_160 = vload16(0, out_row + 160);
        PREFETCH(out_ahead + 160 + lane*5);
        const float16 scaled_2_160 = weight_64*out_160;
        result_x_48 += scalars[b][4]*scaled_2_160;
        const float16 out_176 = vload16(0, out_row + 176);
        PREFETCH(out_ahead + 176 + lane*5);
        const float16 scaled_2_176 = weight_64*out_176;
        result_x_64 += scalars[b][4]*scaled_2_176;
        // path 3
        const float16 weight_80 = vload16(0, weight_row + 80);
        PREFETCH(weight_ahead + 80 + lane*2);
        const float16 out_32 = vload16(0, out_row + 32);
        PREFETCH(out_ahead + 32);
        const float16 common_3 = weight_80*out_32;
        result_x_32 += scalars[b][5]*common_3;
        result_x_48 += scalars[b][6]*common_3;
        result_x_64 += scalars[b][7]*common_3;
        // path 4
        const float16 weight_96 = vload16(0, weight_row + 96);
        PREFETCH(weight_ahead + 96 + lane*2);
        const float16 out_224 = vload16(0, out_row + 224);
        PREFETCH(out_ahead + 224 + lane*5);
        const float16 scaled_4_224 = weight_96*out_224;
        result_x_32 += scalars[b][8]*scaled_4_224;
        result_x_48 -= scalars[b][10]*scaled_4_224;
        const float16 out_208 = vload16(0, out_row + 208);
        PREFETCH(out_ahead + 208 + lane*5);
        const float16 scaled_4_208 = weight_96*out_208;
        result_x_32 -= scalars[b][9]*scaled_4_208;
        result_x_64 += scalars[b][10]*scaled_4_208;
        const float16 out_192 = vload16(0, out_row + 192);
        PREFETCH(out_ahead + 192 + lane*5);
        const float16 scaled_4_192 = weight_96*out_192;
        result_x_48 += scalars[b][9]*scaled_4_192;
        result_x_64 -= scalars[b][8]*scaled_4_192;
        vstore16(result_x_32, 0, result_x + result_start[b] + lane + 32);
        vstore16(result_x_48, 0, result_x + result_start[b] + lane + 48);
        vstore16(result_x_64, 0, result_x + result_start[b] + lane + 64);
      }
    }
  }
}
