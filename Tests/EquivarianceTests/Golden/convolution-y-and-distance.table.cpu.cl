// A work-item computes 4 items of result_gradient_4, all channels.
// Reads x [indices_0[item], 80], y [item, 4], weight [knot, value and slope, 112], out [indices_1[item], 240].
// Writes result_gradient_4 [item, 5].
inline float lane_sum_2(float2 v) { return v.lo + v.hi; }
inline float lane_sum_4(float4 v) { return lane_sum_2(v.lo + v.hi); }
inline float lane_sum_8(float8 v) { return lane_sum_4(v.lo + v.hi); }
inline float lane_sum_16(float16 v) { return lane_sum_8(v.lo + v.hi); }
#ifdef __has_builtin
#if __has_builtin(__builtin_prefetch)
#define PREFETCH(pointer) __builtin_prefetch(pointer)
#endif
#endif
#ifndef PREFETCH
#define PREFETCH(pointer)
#endif
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
    __global float* restrict result_gradient_4,
    const int items) {
  const int row = get_global_id(0);
  const int first = row*4;
  if (first >= items) return;
  const int count = min(4, items - first);
  float scalars[4][11];
  index_t x_start[4];
  index_t weight_start[4];
  index_t out_start[4];
  float basis_0[4][4];
  float basis_1[4][4];
  index_t x_next[4];
  float16 sums[4][5];
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    const float place = position[item]*knots_per_unit;
    const int knot = (int)fmin(fmax(place, (float)0), (float)last_interval);
    const float fraction = place - knot;
    basis_0[b][0] = (1 + 2*fraction)*(1 - fraction)*(1 - fraction);
    basis_0[b][1] = fraction*(1 - fraction)*(1 - fraction);
    basis_0[b][2] = fraction*fraction*(3 - 2*fraction);
    basis_0[b][3] = fraction*fraction*(fraction - 1);
    basis_1[b][0] = 6*fraction*(fraction - 1)*knots_per_unit;
    basis_1[b][1] = (1 - fraction)*(1 - 3*fraction)*knots_per_unit;
    basis_1[b][2] = 6*fraction*(1 - fraction)*knots_per_unit;
    basis_1[b][3] = fraction*(3*fraction - 2)*knots_per_unit;
    x_start[b] = (index_t)indices_0[item]*80;
    weight_start[b] = (index_t)knot*224;
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
    scalars[b][8] = 0.70710677f*y_row[2];
    scalars[b][9] = 0.70710677f*y_row[3];
    scalars[b][10] = 0.70710677f*y_row[1];
    for (int i = 0; i < 5; i++) sums[b][i] = 0;
  }
  for (int lane = 0; lane < 32; lane += 16) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float16 result_gradient_4_0 = 0;
      // path 0
      const float16 x_0 = vload16(0, x_row);
      PREFETCH(x_ahead + 0);
      const float16 weight_0 = basis_0[b][0]*vload16(0, weight_row) + basis_0[b][1]*vload16(0, weight_row + 112) + basis_0[b][2]*vload16(0, weight_row + 224) + basis_0[b][3]*vload16(0, weight_row + 336);
      const float16 out_0 = vload16(0, out_row);
      const float16 common_0 = x_0*weight_0*out_0;
      result_gradient_4_0 += common_0;
      sums[b][0] += result_gradient_4_0;
      float16 result_gradient_4_4 = 0;
      // path 1
      const float16 weight_0_d1 = basis_1[b][0]*vload16(0, weight_row) + basis_1[b][1]*vload16(0, weight_row + 112) + basis_1[b][2]*vload16(0, weight_row + 224) + basis_1[b][3]*vload16(0, weight_row + 336);
      const float16 common_1 = x_0*weight_0_d1*out_0;
      result_gradient_4_4 += scalars[b][0]*common_1;
      float16 result_gradient_4_1 = 0;
      float16 result_gradient_4_2 = 0;
      float16 result_gradient_4_3 = 0;
      // path 2
      const float16 weight_32 = basis_0[b][0]*vload16(0, weight_row + 32) + basis_0[b][1]*vload16(0, weight_row + 144) + basis_0[b][2]*vload16(0, weight_row + 256) + basis_0[b][3]*vload16(0, weight_row + 368);
      const float16 common_2 = x_0*weight_32;
      const float16 out_48 = vload16(0, out_row + 48);
      const float16 scaled_2_48 = common_2*out_48;
      result_gradient_4_1 += scaled_2_48;
      const float16 out_80 = vload16(0, out_row + 80);
      const float16 scaled_2_80 = common_2*out_80;
      result_gradient_4_2 += scaled_2_80;
      const float16 out_112 = vload16(0, out_row + 112);
      const float16 scaled_2_112 = common_2*out_112;
      result_gradient_4_3 += scaled_2_112;
      sums[b][1] += result_gradient_4_1;
      sums[b][2] += result_gradient_4_2;
      sums[b][3] += result_gradient_4_3;
      // path 3
      const float16 weight_32_d1 = basis_1[b][0]*vload16(0, weight_row + 32) + basis_1[b][1]*vload16(0, weight_row + 144) + basis_1[b][2]*vload16(0, weight_row + 256) + basis_1[b][3]*vload16(0, weight_row + 368);
      const float16 common_3 = x_0*weight_32_d1;
      result_gradient_4_4 += common_3*(scalars[b][1]*out_48 + scalars[b][2]*out_80 + scalars[b][3]*out_112);
      sums[b][4] += result_gradient_4_4;
    }
  }
  for (int lane = 0; lane < 16; lane += 16) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float16 result_gradient_4_0 = 0;
      // path 4
      const float16 weight_64 = basis_0[b][0]*vload16(0, weight_row + 64) + basis_0[b][1]*vload16(0, weight_row + 176) + basis_0[b][2]*vload16(0, weight_row + 288) + basis_0[b][3]*vload16(0, weight_row + 400);
      const float16 x_32 = vload16(0, x_row + 32);
      PREFETCH(x_ahead + 32);
      const float16 out_144 = vload16(0, out_row + 144);
      const float16 x_48 = vload16(0, x_row + 48);
      PREFETCH(x_ahead + 48);
      const float16 out_160 = vload16(0, out_row + 160);
      const float16 x_64 = vload16(0, x_row + 64);
      PREFETCH(x_ahead + 64);
      const float16 out_176 = vload16(0, out_row + 176);
      result_gradient_4_0 += weight_64*(x_32*out_144 + x_48*out_160 + x_64*out_176);
      sums[b][0] += result_gradient_4_0;
      float16 result_gradient_4_4 = 0;
      // path 5
      const float16 weight_64_d1 = basis_1[b][0]*vload16(0, weight_row + 64) + basis_1[b][1]*vload16(0, weight_row + 176) + basis_1[b][2]*vload16(0, weight_row + 288) + basis_1[b][3]*vload16(0, weight_row + 400);
      result_gradient_4_4 += weight_64_d1*(x_32*scalars[b][4]*out_144 + x_48*scalars[b][4]*out_160 + x_64*scalars[b][4]*out_176);
      float16 result_gradient_4_1 = 0;
      float16 result_gradient_4_2 = 0;
      float16 result_gradient_4_3 = 0;
      // path 6
      const float16 weight_80 = basis_0[b][0]*vload16(0, weight_row + 80) + basis_0[b][1]*vload16(0, weight_row + 192) + basis_0[b][2]*vload16(0, weight_row + 304) + basis_0[b][3]*vload16(0, weight_row + 416);
      const float16 out_32 = vload16(0, out_row + 32);
      const float16 common_6 = weight_80*out_32;
      const float16 scaled_6_32 = common_6*x_32;
      result_gradient_4_1 += 0.57735026f*scaled_6_32;
      const float16 scaled_6_48 = common_6*x_48;
      result_gradient_4_2 += 0.57735026f*scaled_6_48;
      const float16 scaled_6_64 = common_6*x_64;
      result_gradient_4_3 += 0.57735026f*scaled_6_64;
      // path 7
      const float16 weight_80_d1 = basis_1[b][0]*vload16(0, weight_row + 80) + basis_1[b][1]*vload16(0, weight_row + 192) + basis_1[b][2]*vload16(0, weight_row + 304) + basis_1[b][3]*vload16(0, weight_row + 416);
      const float16 common_7 = weight_80_d1*out_32;
      result_gradient_4_4 += common_7*(scalars[b][5]*x_32 + scalars[b][6]*x_48 + scalars[b][7]*x_64);
      // path 8
      const float16 weight_96 = basis_0[b][0]*vload16(0, weight_row + 96) + basis_0[b][1]*vload16(0, weight_row + 208) + basis_0[b][2]*vload16(0, weight_row + 320) + basis_0[b][3]*vload16(0, weight_row + 432);
      const float16 scaled_8_32 = weight_96*x_32;
      const float16 out_224 = vload16(0, out_row + 224);
      result_gradient_4_2 += scaled_8_32*0.70710677f*out_224;
      const float16 out_208 = vload16(0, out_row + 208);
      result_gradient_4_3 -= scaled_8_32*0.70710677f*out_208;
      const float16 scaled_8_48 = weight_96*x_48;
      result_gradient_4_1 -= scaled_8_48*0.70710677f*out_224;
      const float16 out_192 = vload16(0, out_row + 192);
      result_gradient_4_3 += scaled_8_48*0.70710677f*out_192;
      const float16 scaled_8_64 = weight_96*x_64;
      result_gradient_4_1 += scaled_8_64*0.70710677f*out_208;
      result_gradient_4_2 -= scaled_8_64*0.70710677f*out_192;
      sums[b][1] += result_gradient_4_1;
      sums[b][2] += result_gradient_4_2;
      sums[b][3] += result_gradient_4_3;
      // path 9
      const float16 weight_96_d1 = basis_1[b][0]*vload16(0, weight_row + 96) + basis_1[b][1]*vload16(0, weight_row + 208) + basis_1[b][2]*vload16(0, weight_row + 320) + basis_1[b][3]*vload16(0, weight_row + 432);
      result_gradient_4_4 += weight_96_d1*(x_32*(scalars[b][8]*out_224 - scalars[b][9]*out_208) + x_48*(-scalars[b][10]*out_224 + scalars[b][9]*out_192) + x_64*(scalars[b][10]*out_208 - scalars[b][8]*out_192));
      sums[b][4] += result_gradient_4_4;
    }
  }
  for (int b = 0; b < count; b++) {
    (result_gradient_4 + (index_t)(first + b)*5)[0] = lane_sum_16(sums[b][0]);
    (result_gradient_4 + (index_t)(first + b)*5)[1] = lane_sum_16(sums[b][1]);
    (result_gradient_4 + (index_t)(first + b)*5)[2] = lane_sum_16(sums[b][2]);
    (result_gradient_4 + (index_t)(first + b)*5)[3] = lane_sum_16(sums[b][3]);
    (result_gradient_4 + (index_t)(first + b)*5)[4] = lane_sum_16(sums[b][4]);
  }
}
