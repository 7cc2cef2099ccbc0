// A work-item computes 4 items of result_y, all channels.
// Reads x [indices_0[item], 80], weight [item, 112], out [indices_1[item], 240].
// Writes result_y [item, 4].
inline float lane_sum_2(float2 v) { return v.lo + v.hi; }
inline float lane_sum_4(float4 v) { return lane_sum_2(v.lo + v.hi); }
inline float lane_sum_8(float8 v) { return lane_sum_4(v.lo + v.hi); }
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict weight,
    __global const float* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global float* restrict result_y,
    const int items) {
  const int row = get_global_id(0);
  const int first = row*4;
  if (first >= items) return;
  const int count = min(4, items - first);
  index_t x_start[4];
  index_t weight_start[4];
  index_t out_start[4];
  index_t x_next[4];
  index_t weight_next[4];
  float8 sums[4][4];
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    x_start[b] = (index_t)indices_0[item]*80;
    weight_start[b] = (index_t)item*112;
    out_start[b] = (index_t)indices_1[item]*240;
    const int next_item = min(first + b + 4, items - 1);
    x_next[b] = (index_t)indices_0[next_item]*80;
    weight_next[b] = (index_t)next_item*112;
    for (int i = 0; i < 4; i++) sums[b][i] = 0;
  }
  for (int lane = 0; lane < 32; lane += 8) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float8 result_y_0 = 0;
      // path 0
      const float8 x_0 = vload8(0, x_row);
      PREFETCH(x_ahead + 0);
      const float8 weight_0 = vload8(0, weight_row);
      PREFETCH(weight_ahead + 0 + lane);
      const float8 out_0 = vload8(0, out_row);
      const float8 common_0 = x_0*weight_0*out_0;
      result_y_0 += common_0;
      sums[b][0] += result_y_0;
      float8 result_y_1 = 0;
      float8 result_y_2 = 0;
      float8 result_y_3 = 0;
      // path 1
      const float8 weight_32 = vload8(0, weight_row + 32);
      PREFETCH(weight_ahead + 8 + lane);
      const float8 common_1 = x_0*weight_32;
      const float8 out_48 = vload8(0, out_row + 48);
      const float8 scaled_1_48 = common_1*out_48;
      result_y_1 += scaled_1_48;
      const float8 out_80 = vload8(0, out_row + 80);
      const float8 scaled_1_80 = common_1*out_80;
      result_y_2 += scaled_1_80;
      const float8 out_112 = vload8(0, out_row + 112);
      const float8 scaled_1_112 = common_1*out_112;
      result_y_3 += scaled_1_112;
      sums[b][1] += result_y_1;
      sums[b][2] += result_y_2;
      sums[b][3] += result_y_3;
    }
  }
  for (int lane = 0; lane < 16; lane += 8) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float8 result_y_0 = 0;
      // path 2
      const float8 weight_64 = vload8(0, weight_row + 64);
      PREFETCH(weight_ahead + 64 + lane*2);
      const float8 x_32 = vload8(0, x_row + 32);
      PREFETCH(x_ahead + 32 + lane*2);
      const float8 out_144 = vload8(0, out_row + 144);
      const float8 x_48 = vload8(0, x_row + 48);
      PREFETCH(x_ahead + 40 + lane*2);
      const float8 out_160 = vload8(0, out_row + 160);
      const float8 x_64 = vload8(0, x_row + 64);
      PREFETCH(x_ahead + 48 + lane*2);
      const float8 out_176 = vload8(0, out_row + 176);
      result_y_0 += weight_64*(x_32*out_144 + x_48*out_160 + x_64*out_176);
      sums[b][0] += result_y_0;
      float8 result_y_1 = 0;
      float8 result_y_2 = 0;
      float8 result_y_3 = 0;
      // path 3
      const float8 weight_80 = vload8(0, weight_row + 80);
      PREFETCH(weight_ahead + 72 + lane*2);
      const float8 out_32 = vload8(0, out_row + 32);
      const float8 common_3 = 0.57735026f*weight_80*out_32;
      const float8 scaled_3_32 = common_3*x_32;
      result_y_1 += scaled_3_32;
      const float8 scaled_3_48 = common_3*x_48;
      result_y_2 += scaled_3_48;
      const float8 scaled_3_64 = common_3*x_64;
      result_y_3 += scaled_3_64;
      // path 4
      const float8 weight_96 = vload8(0, weight_row + 96);
      PREFETCH(weight_ahead + 80 + lane*2);
      const float8 common_4 = 0.70710677f*weight_96;
      const float8 scaled_4_32 = common_4*x_32;
      const float8 out_224 = vload8(0, out_row + 224);
      result_y_2 += scaled_4_32*out_224;
      const float8 out_208 = vload8(0, out_row + 208);
      result_y_3 -= scaled_4_32*out_208;
      const float8 scaled_4_48 = common_4*x_48;
      result_y_1 -= scaled_4_48*out_224;
      const float8 out_192 = vload8(0, out_row + 192);
      result_y_3 += scaled_4_48*out_192;
      const float8 scaled_4_64 = common_4*x_64;
      result_y_1 += scaled_4_64*out_208;
      result_y_2 -= scaled_4_64*out_192;
      sums[b][1] += result_y_1;
      sums[b][2] += result_y_2;
      sums[b][3] += result_y_3;
    }
  }
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    (result_y + (index_t)item*4)[0] = lane_sum_8(sums[b][0]);
    (result_y + (index_t)item*4)[1] = lane_sum_8(sums[b][1]);
    (result_y + (index_t)item*4)[2] = lane_sum_8(sums[b][2]);
    (result_y + (index_t)item*4)[3] = lane_sum_8(sums[b][3]);
  }
}
