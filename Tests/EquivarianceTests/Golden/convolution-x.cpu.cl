// A work-item computes one row of result_x, all channels.
// Reads y [item, 4], weight [item, 112], out [indices_1[item], 240].
// Writes result_x [row, 80]: the sum over the items of each row.
__kernel void contraction(
    __global const float* restrict y,
    __global const float* restrict weight,
    __global const float* restrict out,
    __global const int* restrict indices_1,
    __global const int* restrict order,
    __global const int* restrict offsets,
    __global float* restrict result_x,
    const int rows) {
  const int row = get_global_id(0);
  if (row >= rows) return;
  const int begin = offsets[row];
  const int end = offsets[row + 1];
  float scalars[2][11];
  index_t weight_start[2];
  index_t out_start[2];
  index_t weight_next[2];
  index_t out_next[2];
  __global float* restrict row_result = result_x + (index_t)row*80;
  for (int i = 0; i < 80; i++) row_result[i] = 0;
  for (int first = begin; first < end; first += 2) {
    const int count = min(2, end - first);
    for (int b = 0; b < count; b++) {
      const int item = order[first + b];
      weight_start[b] = (index_t)item*112;
      out_start[b] = (index_t)indices_1[item]*240;
      const int next_item = order[min(first + b + 2, end - 1)];
      weight_next[b] = (index_t)next_item*112;
      out_next[b] = (index_t)indices_1[next_item]*240;
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
      float16 result_x_0 = vload16(0, row_result + lane);
      for (int b = 0; b < count; b++) {
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const float* restrict out_row = out + out_start[b] + lane;
        __global const float* restrict out_ahead = out + out_next[b] + lane;
        // path 0
        const float16 weight_0 = vload16(0, weight_row);
        PREFETCH(weight_ahead + 0);
        const float16 out_0 = vload16(0, out_row);
        PREFETCH(out_ahead + 0);
        const float16 common_0 = weight_0*out_0;
        result_x_0 += scalars[b][0]*common_0;
        // path 1
        const float16 weight_32 = vload16(0, weight_row + 32);
        PREFETCH(weight_ahead + 32);
        const float16 out_48 = vload16(0, out_row + 48);
        PREFETCH(out_ahead + 48);
        const float16 out_80 = vload16(0, out_row + 80);
        PREFETCH(out_ahead + 80);
        const float16 out_112 = vload16(0, out_row + 112);
        PREFETCH(out_ahead + 112);
        result_x_0 += weight_32*(scalars[b][1]*out_48 + scalars[b][2]*out_80 + scalars[b][3]*out_112);
      }
      vstore16(result_x_0, 0, row_result + lane);
    }
    for (int lane = 0; lane < 16; lane += 16) {
      float16 result_x_32 = vload16(0, row_result + lane + 32);
      float16 result_x_48 = vload16(0, row_result + lane + 48);
      float16 result_x_64 = vload16(0, row_result + lane + 64);
      for (int b = 0; b < count; b++) {
        __global const float* restrict weight_row = weight + weight_start[b] + lane;
        __global const float* restrict weight_ahead = weight + weight_next[b] + lane;
        __global const float* restrict out_row = out + out_start[b] + lane;
        __global const float* restrict out_ahead = out + out_next[b] + lane;
        // path 2
        const float16 weight_64 = vload16(0, weight_row + 64);
        PREFETCH(weight_ahead + 64);
        const float16 out_144 = vload16(0, out_row + 144);
        PREFETCH(out_ahead + 144);
        const float16 scaled_2_144 = weight_64*out_144;
        result_x_32 += scalars[b][4]*scaled_2_144;
        const float16 out_160 = vload16(0, out_row + 160);
        PREFETCH(out_ahead + 160);
        const float16 scaled_2_160 = weight_64*out_160;
        result_x_48 += scalars[b][4]*scaled_2_160;
        const float16 out_176 = vload16(0, out_row + 176);
        PREFETCH(out_ahead + 176);
        const float16 scaled_2_176 = weight_64*out_176;
        result_x_64 += scalars[b][4]*scaled_2_176;
        // path 3
        const float16 weight_80 = vload16(0, weight_row + 80);
        PREFETCH(weight_ahead + 80);
        const float16 out_32 = vload16(0, out_row + 32);
        PREFETCH(out_ahead + 32);
        const float16 common_3 = weight_80*out_32;
        result_x_32 += scalars[b][5]*common_3;
        result_x_48 += scalars[b][6]*common_3;
        result_x_64 += scalars[b][7]*common_3;
        // path 4
        const float16 weight_96 = vload16(0, weight_row + 96);
        PREFETCH(weight_ahead + 96);
        const float16 out_224 = vload16(0, out_row + 224);
        PREFETCH(out_ahead + 224);
        const float16 scaled_4_224 = weight_96*out_224;
        result_x_32 += scalars[b][8]*scaled_4_224;
        result_x_48 -= scalars[b][10]*scaled_4_224;
        const float16 out_208 = vload16(0, out_row + 208);
        PREFETCH(out_ahead + 208);
        const float16 scaled_4_208 = weight_96*out_208;
        result_x_32 -= scalars[b][9]*scaled_4_208;
        result_x_64 += scalars[b][10]*scaled_4_208;
        const float16 out_192 = vload16(0, out_row + 192);
        PREFETCH(out_ahead + 192);
        const float16 scaled_4_192 = weight_96*out_192;
        result_x_48 += scalars[b][9]*scaled_4_192;
        result_x_64 -= scalars[b][8]*scaled_4_192;
      }
      vstore16(result_x_32, 0, row_result + lane + 32);
      vstore16(result_x_48, 0, row_result + lane + 48);
      vstore16(result_x_64, 0, row_result + lane + 64);
    }
  }
}
