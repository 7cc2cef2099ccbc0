// A work-item computes one row of result_out, all channels.
// Reads x [indices_0[item], 80], y [item, 4], weight [item, 112].
// Writes result_out [row, 240]: the sum over the items of each row.
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict y,
    __global const float* restrict weight,
    __global const int* restrict indices_0,
    __global const int* restrict offsets,
    __global float* restrict result_out,
    const int rows) {
  const int row = get_global_id(0);
  if (row >= rows) return;
  const int begin = offsets[row];
  const int end = offsets[row + 1];
  float scalars[1][11];
  index_t x_start[1];
  index_t weight_start[1];
  index_t x_next[1];
  index_t weight_next[1];
  float row_result[240] __attribute__((aligned(64)));
  for (int i = 0; i < 240; i++) row_result[i] = 0;
  for (int first = begin; first < end; first += 1) {
    const int count = min(1, end - first);
    for (int b = 0; b < count; b++) {
      const int item = first + b;
      x_start[b] = (index_t)indices_0[item]*80;
      weight_start[b] = (index_t)item*112;
      const int next_item = min(first + b + 1, offsets[rows] - 1);
      x_next[b] = (index_t)indices_0[next_item]*80;
      weight_next[b] = (index_t)next_item*112;
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
    for (int lane = 0; lane < 32; lane += 8) {
      float8 result_out_0 = vload8(0, row_result + lane);
      float8 result_out_48 = vload8(0, row_result + lane + 48);
      float8 result_out_80 = vload8(0, row_result + lane + 80);
      float8 result_out_112 = vload8(0, row_result + lane + 112);
      for (int b = 0; b < count; b++) {
        __global const float* restrict x_row = x + x_start[b] + lane;
        __global const float* restrict x_ahead = x + x_next[b] + lane;
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        // path 0
        const float8 x_0 = vload8(0, x_row);
        PREFETCH(x_ahead + 0);
        const float8 weight_0 = vload8(0, weight_row);
        PREFETCH(weight_ahead + 0 + lane);
        const float8 common_0 = x_0*weight_0;
        result_out_0 += scalars[b][0]*common_0;
        // path 1
        const float8 weight_32 = vload8(0, weight_row + 32);
        PREFETCH(weight_ahead + 8 + lane);
        const float8 common_1 = x_0*weight_32;
        result_out_48 += scalars[b][1]*common_1;
        result_out_80 += scalars[b][2]*common_1;
        result_out_112 += scalars[b][3]*common_1;
      }
      vstore8(result_out_0, 0, row_result + lane);
      vstore8(result_out_48, 0, row_result + lane + 48);
      vstore8(result_out_80, 0, row_result + lane + 80);
      vstore8(result_out_112, 0, row_result + lane + 112);
    }
    for (int lane = 0; lane < 16; lane += 8) {
      float8 result_out_32 = vload8(0, row_result + lane + 32);
      float8 result_out_144 = vload8(0, row_result + lane + 144);
      float8 result_out_160 = vload8(0, row_result + lane + 160);
      float8 result_out_176 = vload8(0, row_result + lane + 176);
      for (int b = 0; b < count; b++) {
        __global const float* restrict x_row = x + x_start[b] + lane;
        __global const float* restrict x_ahead = x + x_next[b] + lane;
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        // path 2
        const float8 weight_64 = vload8(0, weight_row + 64);
        PREFETCH(weight_ahead + 64 + lane);
        const float8 x_32 = vload8(0, x_row + 32);
        PREFETCH(x_ahead + 32 + lane*2);
        const float8 scaled_2_32 = weight_64*x_32;
        result_out_144 += scalars[b][4]*scaled_2_32;
        const float8 x_48 = vload8(0, x_row + 48);
        PREFETCH(x_ahead + 40 + lane*2);
        const float8 scaled_2_48 = weight_64*x_48;
        result_out_160 += scalars[b][4]*scaled_2_48;
        const float8 x_64 = vload8(0, x_row + 64);
        PREFETCH(x_ahead + 48 + lane*2);
        const float8 scaled_2_64 = weight_64*x_64;
        result_out_176 += scalars[b][4]*scaled_2_64;
        // path 3
        const float8 weight_80 = vload8(0, weight_row + 80);
        PREFETCH(weight_ahead + 72 + lane);
        result_out_32 += weight_80*(scalars[b][5]*x_32 + scalars[b][6]*x_48 + scalars[b][7]*x_64);
      }
      vstore8(result_out_32, 0, row_result + lane + 32);
      vstore8(result_out_144, 0, row_result + lane + 144);
      vstore8(result_out_160, 0, row_result + lane + 160);
      vstore8(result_out_176, 0, row_result + lane + 176);
    }
    for (int lane = 0; lane < 16; lane += 8) {
      float8 result_out_192 = vload8(0, row_result + lane + 192);
      float8 result_out_208 = vload8(0, row_result + lane + 208);
      float8 result_out_224 = vload8(0, row_result + lane + 224);
      for (int b = 0; b < count; b++) {
        __global const float* restrict x_row = x + x_start[b] + lane;
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        // path 4
        const float8 weight_96 = vload8(0, weight_row + 96);
        PREFETCH(weight_ahead + 96);
        const float8 x_32 = vload8(0, x_row + 32);
        const float8 scaled_4_32 = weight_96*x_32;
        result_out_208 -= scalars[b][9]*scaled_4_32;
        result_out_224 += scalars[b][8]*scaled_4_32;
        const float8 x_48 = vload8(0, x_row + 48);
        const float8 scaled_4_48 = weight_96*x_48;
        result_out_192 += scalars[b][9]*scaled_4_48;
        result_out_224 -= scalars[b][10]*scaled_4_48;
        const float8 x_64 = vload8(0, x_row + 64);
        const float8 scaled_4_64 = weight_96*x_64;
        result_out_192 -= scalars[b][8]*scaled_4_64;
        result_out_208 += scalars[b][10]*scaled_4_64;
      }
      vstore8(result_out_192, 0, row_result + lane + 192);
      vstore8(result_out_208, 0, row_result + lane + 208);
      vstore8(result_out_224, 0, row_result + lane + 224);
    }
  }
  for (int i = 0; i < 240; i += 16) {
    STREAM(float16, vload16(0, row_result + i), result_out + (index_t)row*240 + i);
  }
}
