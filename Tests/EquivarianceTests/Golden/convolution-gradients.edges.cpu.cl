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

// A work-item computes a band of rows of result_x, result_y, result_weight, all channels.
// Reads x [indices_0[item], 80], y [item, 4], weight [item, 112], out [indices_1[item], 240].
// Writes result_x [row, 80]: the sum over the items of each row.
// Writes result_y [item, 4].
// Writes result_weight [item, 112].
inline double lane_sum_2(double2 v) { return v.lo + v.hi; }
inline double lane_sum_4(double4 v) { return lane_sum_2(v.lo + v.hi); }
inline double lane_sum_8(double8 v) { return lane_sum_4(v.lo + v.hi); }
__kernel void contraction(
    __global const double* restrict x,
    __global const double* restrict y,
    __global const double* restrict weight,
    __global const double* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global const int* restrict order,
    __global const int* restrict offsets,
    __global int* restrict sorted_0,
    __global int* restrict sorted_1,
    __global double* restrict result_x,
    __global double* restrict result_y,
    __global double* restrict result_weight,
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
  double scalars[4][11];
  index_t x_start[4];
  index_t weight_start[4];
  index_t out_start[4];
  index_t result_start[4];
  index_t result_next[4];
  index_t x_next[4];
  index_t weight_next[4];
  index_t out_next[4];
  double8 sums[4][4];
  for (index_t i = (index_t)first_row*80; i < (index_t)last_row*80; i++) result_x[i] = 0;
  for (int first = begin; first < end; first += 4) {
    const int count = min(4, end - first);
    for (int b = 0; b < count; b++) {
      const int item = sorted[first + b];
      x_start[b] = (index_t)indices_0[item]*80;
      weight_start[b] = (index_t)item*112;
      out_start[b] = (index_t)indices_1[item]*240;
      const int next_item = sorted[min(first + b + 4, end - 1)];
      x_next[b] = (index_t)indices_0[next_item]*80;
      weight_next[b] = (index_t)next_item*112;
      out_next[b] = (index_t)indices_1[next_item]*240;
      result_start[b] = (index_t)indices_0[item]*80;
      result_next[b] = (index_t)indices_0[next_item]*80;
      __global const double* restrict y_row = y + (index_t)item*4;
      scalars[b][0] = y_row[0];
      scalars[b][1] = 0.9999999999999999*y_row[1];
      scalars[b][2] = 0.9999999999999999*y_row[2];
      scalars[b][3] = 0.9999999999999999*y_row[3];
      scalars[b][4] = 0.9999999999999999*y_row[0];
      scalars[b][5] = 0.5773502691896257*y_row[1];
      scalars[b][6] = 0.5773502691896257*y_row[2];
      scalars[b][7] = 0.5773502691896257*y_row[3];
      scalars[b][8] = 0.7071067811865475*y_row[2];
      scalars[b][9] = 0.7071067811865475*y_row[3];
      scalars[b][10] = 0.7071067811865475*y_row[1];
      for (int i = 0; i < 4; i++) sums[b][i] = 0;
    }
    for (int lane = 0; lane < 32; lane += 8) {
      for (int b = 0; b < count; b++) {
        __global const double* restrict x_row = x + x_start[b] + lane;
        __global const double* restrict x_ahead = x + x_next[b] + lane;
        __global const double* restrict weight_row = weight + weight_start[b] + lane;
        __global const double* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const double* restrict out_row = out + out_start[b] + lane;
        __global const double* restrict out_ahead = out + out_next[b] + lane;
        double8 result_x_0 = vload8(0, result_x + result_start[b] + lane);
        PREFETCH(result_x + result_next[b] + lane + 0);
        __global double* restrict result_weight_row = result_weight + (index_t)sorted[(first + b)]*112 + lane;
        double8 result_y_0 = 0;
        double8 result_weight_0 = 0;
        // path 0
        const double8 x_0 = vload8(0, x_row);
        PREFETCH(x_ahead + 0);
        const double8 weight_0 = vload8(0, weight_row);
        PREFETCH(weight_ahead + 0 + lane);
        const double8 out_0 = vload8(0, out_row);
        PREFETCH(out_ahead + 0);
        const double8 common_0 = x_0*weight_0*out_0;
        const double sum_0_0 = 1.0;
        result_y_0 += common_0*sum_0_0;
        result_x_0 += weight_0*out_0*(scalars[b][0]*sum_0_0);
        result_weight_0 += x_0*out_0*(scalars[b][0]*sum_0_0);
        sums[b][0] += result_y_0;
        vstore8(result_weight_0, 0, result_weight_row);
        double8 result_y_1 = 0;
        double8 result_y_2 = 0;
        double8 result_y_3 = 0;
        double8 result_weight_32 = 0;
        // path 3
        const double8 weight_32 = vload8(0, weight_row + 32);
        PREFETCH(weight_ahead + 8 + lane);
        const double8 common_3 = 0.9999999999999999*x_0*weight_32;
        const double8 out_48 = vload8(0, out_row + 48);
        PREFETCH(out_ahead + 48 + lane*2);
        const double8 out_80 = vload8(0, out_row + 80);
        PREFETCH(out_ahead + 56 + lane*2);
        const double8 out_112 = vload8(0, out_row + 112);
        PREFETCH(out_ahead + 64 + lane*2);
        const double8 sum_3_1 = out_48;
        result_y_1 += common_3*sum_3_1;
        const double8 sum_3_2 = out_80;
        result_y_2 += common_3*sum_3_2;
        const double8 sum_3_3 = out_112;
        result_y_3 += common_3*sum_3_3;
        result_x_0 += weight_32*(scalars[b][1]*sum_3_1 + scalars[b][2]*sum_3_2 + scalars[b][3]*sum_3_3);
        result_weight_32 += x_0*(scalars[b][1]*sum_3_1 + scalars[b][2]*sum_3_2 + scalars[b][3]*sum_3_3);
        sums[b][1] += result_y_1;
        sums[b][2] += result_y_2;
        sums[b][3] += result_y_3;
        vstore8(result_weight_32, 0, result_weight_row + 32);
        vstore8(result_x_0, 0, result_x + result_start[b] + lane);
      }
    }
    for (int lane = 0; lane < 16; lane += 8) {
      for (int b = 0; b < count; b++) {
        __global const double* restrict x_row = x + x_start[b] + lane;
        __global const double* restrict x_ahead = x + x_next[b] + lane;
        __global const double* restrict weight_row = weight + weight_start[b] + lane;
        __global const double* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const double* restrict out_row = out + out_start[b] + lane;
        __global const double* restrict out_ahead = out + out_next[b] + lane;
        double8 result_x_32 = vload8(0, result_x + result_start[b] + lane + 32);
        PREFETCH(result_x + result_next[b] + lane + 32);
        double8 result_x_48 = vload8(0, result_x + result_start[b] + lane + 48);
        PREFETCH(result_x + result_next[b] + lane + 48);
        double8 result_x_64 = vload8(0, result_x + result_start[b] + lane + 64);
        PREFETCH(result_x + result_next[b] + lane + 64);
        __global double* restrict result_weight_row = result_weight + (index_t)sorted[(first + b)]*112 + lane;
        double8 result_y_0 = 0;
        double8 result_weight_64 = 0;
        // path 6
        const double8 weight_64 = vload8(0, weight_row + 64);
        PREFETCH(weight_ahead + 64 + lane*2);
        const double8 common_6 = 0.9999999999999999*weight_64;
        const double8 x_32 = vload8(0, x_row + 32);
        PREFETCH(x_ahead + 32 + lane*2);
        const double8 out_144 = vload8(0, out_row + 144);
        PREFETCH(out_ahead + 144 + lane*5);
        const double8 x_48 = vload8(0, x_row + 48);
        PREFETCH(x_ahead + 40 + lane*2);
        const double8 out_160 = vload8(0, out_row + 160);
        PREFETCH(out_ahead + 152 + lane*5);
        const double8 x_64 = vload8(0, x_row + 64);
        PREFETCH(x_ahead + 48 + lane*2);
        const double8 out_176 = vload8(0, out_row + 176);
        PREFETCH(out_ahead + 160 + lane*5);
        const double8 sum_6_0 = x_32*out_144 + x_48*out_160 + x_64*out_176;
        result_y_0 += common_6*sum_6_0;
        result_weight_64 += (scalars[b][4]*sum_6_0);
        sums[b][0] += result_y_0;
        vstore8(result_weight_64, 0, result_weight_row + 64);
        // path 7
        const double8 scaled_7_144 = weight_64*out_144;
        result_x_32 += scalars[b][4]*scaled_7_144;
        const double8 scaled_7_160 = weight_64*out_160;
        result_x_48 += scalars[b][4]*scaled_7_160;
        const double8 scaled_7_176 = weight_64*out_176;
        result_x_64 += scalars[b][4]*scaled_7_176;
        double8 result_y_1 = 0;
        double8 result_y_2 = 0;
        double8 result_y_3 = 0;
        double8 result_weight_80 = 0;
        // path 9
        const double8 weight_80 = vload8(0, weight_row + 80);
        PREFETCH(weight_ahead + 72 + lane*2);
        const double8 out_32 = vload8(0, out_row + 32);
        PREFETCH(out_ahead + 32);
        const double8 common_9 = 0.5773502691896257*weight_80*out_32;
        const double8 sum_9_1 = x_32;
        result_y_1 += common_9*sum_9_1;
        const double8 sum_9_2 = x_48;
        result_y_2 += common_9*sum_9_2;
        const double8 sum_9_3 = x_64;
        result_y_3 += common_9*sum_9_3;
        result_weight_80 += out_32*(scalars[b][5]*sum_9_1 + scalars[b][6]*sum_9_2 + scalars[b][7]*sum_9_3);
        vstore8(result_weight_80, 0, result_weight_row + 80);
        // path 10
        const double8 common_10 = weight_80*out_32;
        result_x_32 += scalars[b][5]*common_10;
        result_x_48 += scalars[b][6]*common_10;
        result_x_64 += scalars[b][7]*common_10;
        double8 result_weight_96 = 0;
        // path 12
        const double8 weight_96 = vload8(0, weight_row + 96);
        PREFETCH(weight_ahead + 80 + lane*2);
        const double8 common_12 = 0.7071067811865475*weight_96;
        const double8 out_224 = vload8(0, out_row + 224);
        PREFETCH(out_ahead + 184 + lane*5);
        const double8 out_208 = vload8(0, out_row + 208);
        PREFETCH(out_ahead + 176 + lane*5);
        const double8 out_192 = vload8(0, out_row + 192);
        PREFETCH(out_ahead + 168 + lane*5);
        const double8 sum_12_1 = -x_48*out_224 + x_64*out_208;
        result_y_1 += common_12*sum_12_1;
        const double8 sum_12_2 = x_32*out_224 - x_64*out_192;
        result_y_2 += common_12*sum_12_2;
        const double8 sum_12_3 = -x_32*out_208 + x_48*out_192;
        result_y_3 += common_12*sum_12_3;
        result_weight_96 += (scalars[b][10]*sum_12_1 + scalars[b][8]*sum_12_2 + scalars[b][9]*sum_12_3);
        sums[b][1] += result_y_1;
        sums[b][2] += result_y_2;
        sums[b][3] += result_y_3;
        vstore8(result_weight_96, 0, result_weight_row + 96);
        // path 13
        const double8 scaled_13_224 = weight_96*out_224;
        result_x_32 += scalars[b][8]*scaled_13_224;
        result_x_48 -= scalars[b][10]*scaled_13_224;
        const double8 scaled_13_208 = weight_96*out_208;
        result_x_32 -= scalars[b][9]*scaled_13_208;
        result_x_64 += scalars[b][10]*scaled_13_208;
        const double8 scaled_13_192 = weight_96*out_192;
        result_x_48 += scalars[b][9]*scaled_13_192;
        result_x_64 -= scalars[b][8]*scaled_13_192;
        vstore8(result_x_32, 0, result_x + result_start[b] + lane + 32);
        vstore8(result_x_48, 0, result_x + result_start[b] + lane + 48);
        vstore8(result_x_64, 0, result_x + result_start[b] + lane + 64);
      }
    }
    for (int b = 0; b < count; b++) {
      const int item = sorted[first + b];
      (result_y + (index_t)item*4)[0] = lane_sum_8(sums[b][0]);
      (result_y + (index_t)item*4)[1] = lane_sum_8(sums[b][1]);
      (result_y + (index_t)item*4)[2] = lane_sum_8(sums[b][2]);
      (result_y + (index_t)item*4)[3] = lane_sum_8(sums[b][3]);
    }
  }
}
