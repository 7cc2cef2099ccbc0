// A work-item computes 4 items of result_y_and_position, all channels.
// Reads x [indices_0[item], 80], y [item, 4], weight [knot, value · rise · slope, 112], out [indices_1[item], 240].
// Writes result_y_and_position [item, 5].
inline float lane_sum_2(float2 v) { return v.lo + v.hi; }
inline float lane_sum_4(float4 v) { return lane_sum_2(v.lo + v.hi); }
inline float lane_sum_8(float8 v) { return lane_sum_4(v.lo + v.hi); }
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict y,
    __global const float* restrict weight,
    __global const float* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global const float* restrict position,
    const float knots_per_unit,
    const int last_interval,
    __global float* restrict result_y_and_position,
    const int items) {
  const int row = get_global_id(0);
  const int first = row*4;
  if (first >= items) return;
  const int count = min(4, items - first);
  float scalars[4][11];
  index_t x_start[4];
  index_t weight_start[4];
  index_t out_start[4];
  float basis_0[4][6];
  float basis_1[4][6];
  index_t x_next[4];
  float8 sums[4][5];
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    const float place = position[item]*knots_per_unit;
    const int knot = (int)fmin(fmax(place, (float)0), (float)last_interval);
    const float fraction = place - knot;
    basis_0[b][1] = fraction*fraction*(3 - 2*fraction);
    basis_0[b][2] = fraction*(1 - fraction)*(1 - fraction);
    basis_0[b][5] = fraction*fraction*(fraction - 1);
    basis_1[b][1] = (6*fraction*(1 - fraction))*knots_per_unit;
    basis_1[b][2] = ((1 - fraction)*(1 - 3*fraction))*knots_per_unit;
    basis_1[b][5] = (fraction*(3*fraction - 2))*knots_per_unit;
    x_start[b] = (index_t)indices_0[item]*80;
    weight_start[b] = (index_t)knot*336;
    out_start[b] = (index_t)indices_1[item]*240;
    const int next_item = min(first + b + 4, items - 1);
    x_next[b] = (index_t)indices_0[next_item]*80;
    __global const float* restrict y_row = y + (index_t)item*4;
    scalars[b][0] = y_row[0];
    scalars[b][1] = y_row[1];
    scalars[b][2] = y_row[2];
    scalars[b][3] = y_row[3];
    scalars[b][4] = y_row[0];
    scalars[b][5] = 0.57735026f*y_row[1];
    scalars[b][6] = 0.57735026f*y_row[2];
    scalars[b][7] = 0.57735026f*y_row[3];
    scalars[b][8] = 0.70710677f*y_row[1];
    scalars[b][9] = 0.70710677f*y_row[2];
    scalars[b][10] = 0.70710677f*y_row[3];
    for (int i = 0; i < 5; i++) sums[b][i] = 0;
  }
  for (int lane = 0; lane < 32; lane += 8) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float8 result_y_and_position_0 = 0;
      float8 result_y_and_position_4 = 0;
      // path 0
      const float8 x_0 = vload8(0, x_row);
      PREFETCH(x_ahead + 0);
      const float8 weight_0 = vload8(0, weight_row) + basis_0[b][1]*vload8(0, weight_row + 112) + basis_0[b][2]*vload8(0, weight_row + 224) + basis_0[b][5]*vload8(0, weight_row + 560);
      const float8 out_0 = vload8(0, out_row);
      const float8 common_0 = x_0*weight_0*out_0;
      const float sum_0_0 = 1.0f;
      result_y_and_position_0 += common_0*sum_0_0;
      const float8 weight_0_d1 = basis_1[b][1]*vload8(0, weight_row + 112) + basis_1[b][2]*vload8(0, weight_row + 224) + basis_1[b][5]*vload8(0, weight_row + 560);
      result_y_and_position_4 += x_0*weight_0_d1*out_0*(scalars[b][0]*sum_0_0);
      sums[b][0] += result_y_and_position_0;
      float8 result_y_and_position_1 = 0;
      float8 result_y_and_position_2 = 0;
      float8 result_y_and_position_3 = 0;
      // path 2
      const float8 weight_32 = vload8(0, weight_row + 32) + basis_0[b][1]*vload8(0, weight_row + 144) + basis_0[b][2]*vload8(0, weight_row + 256) + basis_0[b][5]*vload8(0, weight_row + 592);
      const float8 common_2 = x_0*weight_32;
      const float8 out_48 = vload8(0, out_row + 48);
      const float8 out_80 = vload8(0, out_row + 80);
      const float8 out_112 = vload8(0, out_row + 112);
      const float8 sum_2_1 = out_48;
      result_y_and_position_1 += common_2*sum_2_1;
      const float8 sum_2_2 = out_80;
      result_y_and_position_2 += common_2*sum_2_2;
      const float8 sum_2_3 = out_112;
      result_y_and_position_3 += common_2*sum_2_3;
      const float8 weight_32_d1 = basis_1[b][1]*vload8(0, weight_row + 144) + basis_1[b][2]*vload8(0, weight_row + 256) + basis_1[b][5]*vload8(0, weight_row + 592);
      result_y_and_position_4 += x_0*weight_32_d1*(scalars[b][1]*sum_2_1 + scalars[b][2]*sum_2_2 + scalars[b][3]*sum_2_3);
      sums[b][1] += result_y_and_position_1;
      sums[b][2] += result_y_and_position_2;
      sums[b][3] += result_y_and_position_3;
      sums[b][4] += result_y_and_position_4;
    }
  }
  for (int lane = 0; lane < 16; lane += 8) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float8 result_y_and_position_0 = 0;
      float8 result_y_and_position_4 = 0;
      // path 4
      const float8 weight_64 = vload8(0, weight_row + 64) + basis_0[b][1]*vload8(0, weight_row + 176) + basis_0[b][2]*vload8(0, weight_row + 288) + basis_0[b][5]*vload8(0, weight_row + 624);
      const float8 x_32 = vload8(0, x_row + 32);
      PREFETCH(x_ahead + 32 + lane*2);
      const float8 out_144 = vload8(0, out_row + 144);
      const float8 x_48 = vload8(0, x_row + 48);
      PREFETCH(x_ahead + 40 + lane*2);
      const float8 out_160 = vload8(0, out_row + 160);
      const float8 x_64 = vload8(0, x_row + 64);
      PREFETCH(x_ahead + 48 + lane*2);
      const float8 out_176 = vload8(0, out_row + 176);
      const float8 sum_4_0 = x_32*out_144 + x_48*out_160 + x_64*out_176;
      result_y_and_position_0 += weight_64*sum_4_0;
      const float8 weight_64_d1 = basis_1[b][1]*vload8(0, weight_row + 176) + basis_1[b][2]*vload8(0, weight_row + 288) + basis_1[b][5]*vload8(0, weight_row + 624);
      result_y_and_position_4 += weight_64_d1*(scalars[b][4]*sum_4_0);
      sums[b][0] += result_y_and_position_0;
      float8 result_y_and_position_1 = 0;
      float8 result_y_and_position_2 = 0;
      float8 result_y_and_position_3 = 0;
      // path 6
      const float8 weight_80 = vload8(0, weight_row + 80) + basis_0[b][1]*vload8(0, weight_row + 192) + basis_0[b][2]*vload8(0, weight_row + 304) + basis_0[b][5]*vload8(0, weight_row + 640);
      const float8 out_32 = vload8(0, out_row + 32);
      const float8 common_6 = 0.57735026f*weight_80*out_32;
      const float8 sum_6_1 = x_32;
      result_y_and_position_1 += common_6*sum_6_1;
      const float8 sum_6_2 = x_48;
      result_y_and_position_2 += common_6*sum_6_2;
      const float8 sum_6_3 = x_64;
      result_y_and_position_3 += common_6*sum_6_3;
      const float8 weight_80_d1 = basis_1[b][1]*vload8(0, weight_row + 192) + basis_1[b][2]*vload8(0, weight_row + 304) + basis_1[b][5]*vload8(0, weight_row + 640);
      result_y_and_position_4 += weight_80_d1*out_32*(scalars[b][5]*sum_6_1 + scalars[b][6]*sum_6_2 + scalars[b][7]*sum_6_3);
      // path 8
      const float8 weight_96 = vload8(0, weight_row + 96) + basis_0[b][1]*vload8(0, weight_row + 208) + basis_0[b][2]*vload8(0, weight_row + 320) + basis_0[b][5]*vload8(0, weight_row + 656);
      const float8 common_8 = 0.70710677f*weight_96;
      const float8 out_224 = vload8(0, out_row + 224);
      const float8 out_208 = vload8(0, out_row + 208);
      const float8 out_192 = vload8(0, out_row + 192);
      const float8 sum_8_1 = -x_48*out_224 + x_64*out_208;
      result_y_and_position_1 += common_8*sum_8_1;
      const float8 sum_8_2 = x_32*out_224 - x_64*out_192;
      result_y_and_position_2 += common_8*sum_8_2;
      const float8 sum_8_3 = -x_32*out_208 + x_48*out_192;
      result_y_and_position_3 += common_8*sum_8_3;
      const float8 weight_96_d1 = basis_1[b][1]*vload8(0, weight_row + 208) + basis_1[b][2]*vload8(0, weight_row + 320) + basis_1[b][5]*vload8(0, weight_row + 656);
      result_y_and_position_4 += weight_96_d1*(scalars[b][8]*sum_8_1 + scalars[b][9]*sum_8_2 + scalars[b][10]*sum_8_3);
      sums[b][1] += result_y_and_position_1;
      sums[b][2] += result_y_and_position_2;
      sums[b][3] += result_y_and_position_3;
      sums[b][4] += result_y_and_position_4;
    }
  }
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    (result_y_and_position + (index_t)item*5)[0] = lane_sum_8(sums[b][0]);
    (result_y_and_position + (index_t)item*5)[1] = lane_sum_8(sums[b][1]);
    (result_y_and_position + (index_t)item*5)[2] = lane_sum_8(sums[b][2]);
    (result_y_and_position + (index_t)item*5)[3] = lane_sum_8(sums[b][3]);
    (result_y_and_position + (index_t)item*5)[4] = lane_sum_8(sums[b][4]);
  }
}
