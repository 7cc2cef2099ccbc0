// A work-item computes 4 items of result_weight, all channels.
// Reads x [indices_0[item], 80], y [item, 4], out [indices_1[item], 240].
// Writes result_weight [item, 112].
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict y,
    __global const float* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global float* restrict result_weight,
    const int items) {
  const int row = get_global_id(0);
  const int first = row*4;
  if (first >= items) return;
  const int count = min(4, items - first);
  float scalars[4][11];
  index_t x_start[4];
  index_t out_start[4];
  index_t x_next[4];
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    x_start[b] = (index_t)indices_0[item]*80;
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
  }
  for (int lane = 0; lane < 32; lane += 16) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      __global float* restrict result_weight_row = result_weight + (index_t)(first + b)*112 + lane;
      float16 result_weight_0 = 0;
      // path 0
      const float16 x_0 = vload16(0, x_row);
      PREFETCH(x_ahead + 0);
      const float16 out_0 = vload16(0, out_row);
      const float16 common_0 = x_0*out_0;
      result_weight_0 += scalars[b][0]*common_0;
      vstore16(result_weight_0, 0, result_weight_row);
      float16 result_weight_32 = 0;
      // path 1
      const float16 out_48 = vload16(0, out_row + 48);
      const float16 out_80 = vload16(0, out_row + 80);
      const float16 out_112 = vload16(0, out_row + 112);
      result_weight_32 += x_0*(scalars[b][1]*out_48 + scalars[b][2]*out_80 + scalars[b][3]*out_112);
      vstore16(result_weight_32, 0, result_weight_row + 32);
    }
  }
  for (int lane = 0; lane < 16; lane += 16) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict x_ahead = x + x_next[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      __global float* restrict result_weight_row = result_weight + (index_t)(first + b)*112 + lane;
      float16 result_weight_64 = 0;
      // path 2
      const float16 x_32 = vload16(0, x_row + 32);
      PREFETCH(x_ahead + 32 + lane*2);
      const float16 out_144 = vload16(0, out_row + 144);
      result_weight_64 += x_32*scalars[b][4]*out_144;
      const float16 x_48 = vload16(0, x_row + 48);
      PREFETCH(x_ahead + 48 + lane*2);
      const float16 out_160 = vload16(0, out_row + 160);
      result_weight_64 += x_48*scalars[b][4]*out_160;
      const float16 x_64 = vload16(0, x_row + 64);
      PREFETCH(x_ahead + 64 + lane*2);
      const float16 out_176 = vload16(0, out_row + 176);
      result_weight_64 += x_64*scalars[b][4]*out_176;
      vstore16(result_weight_64, 0, result_weight_row + 64);
      float16 result_weight_80 = 0;
      // path 3
      const float16 out_32 = vload16(0, out_row + 32);
      result_weight_80 += out_32*(scalars[b][5]*x_32 + scalars[b][6]*x_48 + scalars[b][7]*x_64);
      vstore16(result_weight_80, 0, result_weight_row + 80);
      float16 result_weight_96 = 0;
      // path 4
      const float16 out_224 = vload16(0, out_row + 224);
      const float16 out_208 = vload16(0, out_row + 208);
      result_weight_96 += x_32*(scalars[b][8]*out_224 - scalars[b][9]*out_208);
      const float16 out_192 = vload16(0, out_row + 192);
      result_weight_96 += x_48*(-scalars[b][10]*out_224 + scalars[b][9]*out_192);
      result_weight_96 += x_64*(scalars[b][10]*out_208 - scalars[b][8]*out_192);
      vstore16(result_weight_96, 0, result_weight_row + 96);
    }
  }
}
