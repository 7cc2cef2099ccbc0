// add
__kernel void fused0(
    __global double *restrict result,
    __global const double *restrict in0) {
  const index_t first = (index_t)get_global_id(0)*4;
  if (first + 4 <= 61) {
    const index_t i = first;
    const double4 v1 = vload4(0, in0 + i);
    const double4 v2 = v1 + (double4)(1.5);
    vstore4(v2, 0, result + i);
    return;
  }
  for (index_t i = first; i < 61; ++i) {
    const double v1 = in0[i];
    const double v2 = v1 + 1.5;
    result[i] = v2;
  }
}

// slice
__kernel void fused1(
    __global double *restrict result,
    __global const double *restrict in0) {
  const index_t item = get_global_id(0);
  if (item >= 244/4) return;
  const index_t i1 = (item % (4/4))*4;
  const index_t rest1 = item / (4/4);
  const index_t i0 = rest1;
  const double4 v1 = vload4(0, in0 + (index_t)(i0)*5 + i1);
  vstore4(v1, item, result);
}

// reshape
__kernel void fused2(
    __global double *restrict result,
    __global const double *restrict in0) {
  const index_t item = get_global_id(0);
  if (item >= 61) return;
  const index_t i0 = item;
  const double v1 = in0[(index_t)(i0)*5 + 4];
  result[item] = v1;
}

// A work-item computes one row of result_x, result_y_and_position, all channels.
// Reads x [indices_0[item], 80], y [item, 4], weight [knot, value · rise · slope, 112], out [indices_1[item], 240].
// Writes result_x [row, 80]: the sum over the items of each row.
// Writes result_y_and_position [item, 5].
inline double lane_sum_2(double2 v) { return v.lo + v.hi; }
inline double lane_sum_4(double4 v) { return lane_sum_2(v.lo + v.hi); }
__kernel void contraction(
    __global const double* restrict x,
    __global const double* restrict y,
    __global const double* restrict weight,
    __global const double* restrict out,
    __global const int* restrict indices_1,
    __global const int* restrict order,
    __global const int* restrict offsets,
    __global const double* restrict position,
    const double knots_per_unit,
    const int last_interval,
    __global double* restrict result_x,
    __global double* restrict result_y_and_position,
    const int rows) {
  const int row = get_global_id(0);
  if (row >= rows) return;
  const int begin = offsets[row];
  const int end = offsets[row + 1];
  double scalars[2][11];
  index_t x_start[2];
  index_t weight_start[2];
  index_t out_start[2];
  double basis_0[2][6];
  double basis_1[2][6];
  index_t out_next[2];
  double4 sums[2][5];
  __global double* restrict row_result = result_x + (index_t)row*80;
  for (int i = 0; i < 80; i++) row_result[i] = 0;
  for (int first = begin; first < end; first += 2) {
    const int count = min(2, end - first);
    for (int b = 0; b < count; b++) {
      const int item = order[first + b];
      const double place = position[item]*knots_per_unit;
      const int knot = (int)fmin(fmax(place, (double)0), (double)last_interval);
      const double fraction = place - knot;
      basis_0[b][1] = fraction*fraction*(3 - 2*fraction);
      basis_0[b][2] = fraction*(1 - fraction)*(1 - fraction);
      basis_0[b][5] = fraction*fraction*(fraction - 1);
      basis_1[b][1] = (6*fraction*(1 - fraction))*knots_per_unit;
      basis_1[b][2] = ((1 - fraction)*(1 - 3*fraction))*knots_per_unit;
      basis_1[b][5] = (fraction*(3*fraction - 2))*knots_per_unit;
      x_start[b] = (index_t)row*80;
      weight_start[b] = (index_t)knot*336;
      out_start[b] = (index_t)indices_1[item]*240;
      const int next_item = order[min(first + b + 2, end - 1)];
      out_next[b] = (index_t)indices_1[next_item]*240;
      __global const double* restrict y_row = y + (index_t)item*4;
      scalars[b][0] = y_row[0];
      scalars[b][1] = 0.9999999999999999*y_row[1];
      scalars[b][2] = 0.9999999999999999*y_row[2];
      scalars[b][3] = 0.9999999999999999*y_row[3];
      scalars[b][4] = 0.9999999999999999*y_row[0];
      scalars[b][5] = 0.5773502691896257*y_row[1];
      scalars[b][6] = 0.5773502691896257*y_row[2];
      scalars[b][7] = 0.5773502691896257*y_row[3];
      scalars[b][8] = 0.7071067811865475*y_row[1];
      scalars[b][9] = 0.7071067811865475*y_row[2];
      scalars[b][10] = 0.7071067811865475*y_row[3];
      for (int i = 0; i < 5; i++) sums[b][i] = 0;
    }
    for (int lane = 0; lane < 32; lane += 4) {
      double4 result_x_0 = vload4(0, row_result + lane);
      for (int b = 0; b < count; b++) {
        __global const double* restrict x_row = x + x_start[b] + lane;
        __global const double* restrict weight_row = weight + weight_start[b] + lane;
        __global const double* restrict out_row = out + out_start[b] + lane;
        __global const double* restrict out_ahead = out + out_next[b] + lane;
        double4 result_y_and_position_0 = 0;
        double4 result_y_and_position_4 = 0;
        // path 0
        const double4 x_0 = vload4(0, x_row);
        const double4 weight_0 = vload4(0, weight_row) + basis_0[b][1]*vload4(0, weight_row + 112) + basis_0[b][2]*vload4(0, weight_row + 224) + basis_0[b][5]*vload4(0, weight_row + 560);
        const double4 out_0 = vload4(0, out_row);
        PREFETCH(out_ahead + 0);
        const double4 common_0 = x_0*weight_0*out_0;
        const double sum_0_0 = 1.0;
        result_y_and_position_0 += common_0*sum_0_0;
        const double4 weight_0_d1 = basis_1[b][1]*vload4(0, weight_row + 112) + basis_1[b][2]*vload4(0, weight_row + 224) + basis_1[b][5]*vload4(0, weight_row + 560);
        result_y_and_position_4 += x_0*weight_0_d1*out_0*(scalars[b][0]*sum_0_0);
        result_x_0 += weight_0*out_0*(scalars[b][0]*sum_0_0);
        sums[b][0] += result_y_and_position_0;
        double4 result_y_and_position_1 = 0;
        double4 result_y_and_position_2 = 0;
        double4 result_y_and_position_3 = 0;
        // path 3
        const double4 weight_32 = vload4(0, weight_row + 32) + basis_0[b][1]*vload4(0, weight_row + 144) + basis_0[b][2]*vload4(0, weight_row + 256) + basis_0[b][5]*vload4(0, weight_row + 592);
        const double4 common_3 = 0.9999999999999999*x_0*weight_32;
        const double4 out_48 = vload4(0, out_row + 48);
        PREFETCH(out_ahead + 48 + lane*2);
        const double4 out_80 = vload4(0, out_row + 80);
        PREFETCH(out_ahead + 52 + lane*2);
        const double4 out_112 = vload4(0, out_row + 112);
        PREFETCH(out_ahead + 56 + lane*2);
        const double4 sum_3_1 = out_48;
        result_y_and_position_1 += common_3*sum_3_1;
        const double4 sum_3_2 = out_80;
        result_y_and_position_2 += common_3*sum_3_2;
        const double4 sum_3_3 = out_112;
        result_y_and_position_3 += common_3*sum_3_3;
        const double4 weight_32_d1 = basis_1[b][1]*vload4(0, weight_row + 144) + basis_1[b][2]*vload4(0, weight_row + 256) + basis_1[b][5]*vload4(0, weight_row + 592);
        result_y_and_position_4 += x_0*weight_32_d1*(scalars[b][1]*sum_3_1 + scalars[b][2]*sum_3_2 + scalars[b][3]*sum_3_3);
        result_x_0 += weight_32*(scalars[b][1]*sum_3_1 + scalars[b][2]*sum_3_2 + scalars[b][3]*sum_3_3);
        sums[b][1] += result_y_and_position_1;
        sums[b][2] += result_y_and_position_2;
        sums[b][3] += result_y_and_position_3;
        sums[b][4] += result_y_and_position_4;
      }
      vstore4(result_x_0, 0, row_result + lane);
    }
    for (int lane = 0; lane < 16; lane += 4) {
      double4 result_x_32 = vload4(0, row_result + lane + 32);
      double4 result_x_48 = vload4(0, row_result + lane + 48);
      double4 result_x_64 = vload4(0, row_result + lane + 64);
      for (int b = 0; b < count; b++) {
        __global const double* restrict x_row = x + x_start[b] + lane;
        __global const double* restrict weight_row = weight + weight_start[b] + lane;
        __global const double* restrict out_row = out + out_start[b] + lane;
        __global const double* restrict out_ahead = out + out_next[b] + lane;
        double4 result_y_and_position_0 = 0;
        double4 result_y_and_position_4 = 0;
        // path 6
        const double4 weight_64 = vload4(0, weight_row + 64) + basis_0[b][1]*vload4(0, weight_row + 176) + basis_0[b][2]*vload4(0, weight_row + 288) + basis_0[b][5]*vload4(0, weight_row + 624);
        const double4 common_6 = 0.9999999999999999*weight_64;
        const double4 x_32 = vload4(0, x_row + 32);
        const double4 out_144 = vload4(0, out_row + 144);
        PREFETCH(out_ahead + 144 + lane*5);
        const double4 x_48 = vload4(0, x_row + 48);
        const double4 out_160 = vload4(0, out_row + 160);
        PREFETCH(out_ahead + 148 + lane*5);
        const double4 x_64 = vload4(0, x_row + 64);
        const double4 out_176 = vload4(0, out_row + 176);
        PREFETCH(out_ahead + 152 + lane*5);
        const double4 sum_6_0 = x_32*out_144 + x_48*out_160 + x_64*out_176;
        result_y_and_position_0 += common_6*sum_6_0;
        const double4 weight_64_d1 = basis_1[b][1]*vload4(0, weight_row + 176) + basis_1[b][2]*vload4(0, weight_row + 288) + basis_1[b][5]*vload4(0, weight_row + 624);
        result_y_and_position_4 += weight_64_d1*(scalars[b][4]*sum_6_0);
        sums[b][0] += result_y_and_position_0;
        // path 8
        const double4 scaled_8_144 = weight_64*out_144;
        result_x_32 += scalars[b][4]*scaled_8_144;
        const double4 scaled_8_160 = weight_64*out_160;
        result_x_48 += scalars[b][4]*scaled_8_160;
        const double4 scaled_8_176 = weight_64*out_176;
        result_x_64 += scalars[b][4]*scaled_8_176;
        double4 result_y_and_position_1 = 0;
        double4 result_y_and_position_2 = 0;
        double4 result_y_and_position_3 = 0;
        // path 9
        const double4 weight_80 = vload4(0, weight_row + 80) + basis_0[b][1]*vload4(0, weight_row + 192) + basis_0[b][2]*vload4(0, weight_row + 304) + basis_0[b][5]*vload4(0, weight_row + 640);
        const double4 out_32 = vload4(0, out_row + 32);
        PREFETCH(out_ahead + 32);
        const double4 common_9 = 0.5773502691896257*weight_80*out_32;
        const double4 sum_9_1 = x_32;
        result_y_and_position_1 += common_9*sum_9_1;
        const double4 sum_9_2 = x_48;
        result_y_and_position_2 += common_9*sum_9_2;
        const double4 sum_9_3 = x_64;
        result_y_and_position_3 += common_9*sum_9_3;
        const double4 weight_80_d1 = basis_1[b][1]*vload4(0, weight_row + 192) + basis_1[b][2]*vload4(0, weight_row + 304) + basis_1[b][5]*vload4(0, weight_row + 640);
        result_y_and_position_4 += weight_80_d1*out_32*(scalars[b][5]*sum_9_1 + scalars[b][6]*sum_9_2 + scalars[b][7]*sum_9_3);
        // path 11
        const double4 common_11 = weight_80*out_32;
        result_x_32 += scalars[b][5]*common_11;
        result_x_48 += scalars[b][6]*common_11;
        result_x_64 += scalars[b][7]*common_11;
        // path 12
        const double4 weight_96 = vload4(0, weight_row + 96) + basis_0[b][1]*vload4(0, weight_row + 208) + basis_0[b][2]*vload4(0, weight_row + 320) + basis_0[b][5]*vload4(0, weight_row + 656);
        const double4 common_12 = 0.7071067811865475*weight_96;
        const double4 out_224 = vload4(0, out_row + 224);
        PREFETCH(out_ahead + 164 + lane*5);
        const double4 out_208 = vload4(0, out_row + 208);
        PREFETCH(out_ahead + 160 + lane*5);
        const double4 out_192 = vload4(0, out_row + 192);
        PREFETCH(out_ahead + 156 + lane*5);
        const double4 sum_12_1 = -x_48*out_224 + x_64*out_208;
        result_y_and_position_1 += common_12*sum_12_1;
        const double4 sum_12_2 = x_32*out_224 - x_64*out_192;
        result_y_and_position_2 += common_12*sum_12_2;
        const double4 sum_12_3 = -x_32*out_208 + x_48*out_192;
        result_y_and_position_3 += common_12*sum_12_3;
        const double4 weight_96_d1 = basis_1[b][1]*vload4(0, weight_row + 208) + basis_1[b][2]*vload4(0, weight_row + 320) + basis_1[b][5]*vload4(0, weight_row + 656);
        result_y_and_position_4 += weight_96_d1*(scalars[b][8]*sum_12_1 + scalars[b][9]*sum_12_2 + scalars[b][10]*sum_12_3);
        sums[b][1] += result_y_and_position_1;
        sums[b][2] += result_y_and_position_2;
        sums[b][3] += result_y_and_position_3;
        sums[b][4] += result_y_and_position_4;
        // path 14
        const double4 scaled_14_224 = weight_96*out_224;
        result_x_32 += scalars[b][9]*scaled_14_224;
        result_x_48 -= scalars[b][8]*scaled_14_224;
        const double4 scaled_14_208 = weight_96*out_208;
        result_x_32 -= scalars[b][10]*scaled_14_208;
        result_x_64 += scalars[b][8]*scaled_14_208;
        const double4 scaled_14_192 = weight_96*out_192;
        result_x_48 += scalars[b][10]*scaled_14_192;
        result_x_64 -= scalars[b][9]*scaled_14_192;
      }
      vstore4(result_x_32, 0, row_result + lane + 32);
      vstore4(result_x_48, 0, row_result + lane + 48);
      vstore4(result_x_64, 0, row_result + lane + 64);
    }
    for (int b = 0; b < count; b++) {
      const int item = order[first + b];
      (result_y_and_position + (index_t)item*5)[0] = lane_sum_4(sums[b][0]);
      (result_y_and_position + (index_t)item*5)[1] = lane_sum_4(sums[b][1]);
      (result_y_and_position + (index_t)item*5)[2] = lane_sum_4(sums[b][2]);
      (result_y_and_position + (index_t)item*5)[3] = lane_sum_4(sums[b][3]);
      (result_y_and_position + (index_t)item*5)[4] = lane_sum_4(sums[b][4]);
    }
  }
}
