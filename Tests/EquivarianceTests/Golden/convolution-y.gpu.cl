// A work-item computes 1 items of result_y, all channels.
// Reads x [indices_0[item], 80], weight [item, 112], out [indices_1[item], 240].
// Writes result_y [item, 4].
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict weight,
    __global const float* restrict out,
    __global const int* restrict indices_0,
    __global const int* restrict indices_1,
    __global float* restrict result_y,
    const int items) {
  const int row = get_global_id(0);
  const int first = row*1;
  if (first >= items) return;
  const int count = min(1, items - first);
  index_t x_start[1];
  index_t weight_start[1];
  index_t out_start[1];
  float sums[1][4];
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    x_start[b] = (index_t)indices_0[item]*80;
    weight_start[b] = (index_t)item*112;
    out_start[b] = (index_t)indices_1[item]*240;
    for (int i = 0; i < 4; i++) sums[b][i] = 0;
  }
  for (int lane = 0; lane < 32; lane += 1) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float result_y_0 = 0;
      // path 0
      const float x_0 = (x_row)[0];
      const float weight_0 = (weight_row)[0];
      const float out_0 = (out_row)[0];
      const float common_0 = x_0*weight_0*out_0;
      result_y_0 += common_0;
      sums[b][0] += result_y_0;
      float result_y_1 = 0;
      float result_y_2 = 0;
      float result_y_3 = 0;
      // path 1
      const float weight_32 = (weight_row)[32];
      const float common_1 = x_0*weight_32;
      const float out_48 = (out_row)[48];
      const float scaled_1_48 = common_1*out_48;
      result_y_1 += scaled_1_48;
      const float out_80 = (out_row)[80];
      const float scaled_1_80 = common_1*out_80;
      result_y_2 += scaled_1_80;
      const float out_112 = (out_row)[112];
      const float scaled_1_112 = common_1*out_112;
      result_y_3 += scaled_1_112;
      sums[b][1] += result_y_1;
      sums[b][2] += result_y_2;
      sums[b][3] += result_y_3;
    }
  }
  for (int lane = 0; lane < 16; lane += 1) {
    for (int b = 0; b < count; b++) {
      __global const float* restrict x_row = x + x_start[b] + lane;
      __global const float* restrict weight_row = weight + weight_start[b] + lane;
      __global const float* restrict out_row = out + out_start[b] + lane;
      float result_y_0 = 0;
      // path 2
      const float weight_64 = (weight_row)[64];
      const float x_32 = (x_row)[32];
      const float out_144 = (out_row)[144];
      const float x_48 = (x_row)[48];
      const float out_160 = (out_row)[160];
      const float x_64 = (x_row)[64];
      const float out_176 = (out_row)[176];
      result_y_0 += weight_64*(x_32*out_144 + x_48*out_160 + x_64*out_176);
      sums[b][0] += result_y_0;
      float result_y_1 = 0;
      float result_y_2 = 0;
      float result_y_3 = 0;
      // path 3
      const float weight_80 = (weight_row)[80];
      const float out_32 = (out_row)[32];
      const float common_3 = 0.57735026f*weight_80*out_32;
      const float scaled_3_32 = common_3*x_32;
      result_y_1 += scaled_3_32;
      const float scaled_3_48 = common_3*x_48;
      result_y_2 += scaled_3_48;
      const float scaled_3_64 = common_3*x_64;
      result_y_3 += scaled_3_64;
      // path 4
      const float weight_96 = (weight_row)[96];
      const float common_4 = 0.70710677f*weight_96;
      const float scaled_4_32 = common_4*x_32;
      const float out_224 = (out_row)[224];
      result_y_2 += scaled_4_32*out_224;
      const float out_208 = (out_row)[208];
      result_y_3 -= scaled_4_32*out_208;
      const float scaled_4_48 = common_4*x_48;
      result_y_1 -= scaled_4_48*out_224;
      const float out_192 = (out_row)[192];
      result_y_3 += scaled_4_48*out_192;
      const float scaled_4_64 = common_4*x_64;
      result_y_1 += scaled_4_64*out_208;
      result_y_2 -= scaled_4_64*out_192;
      sums[b][1] += result_y_1;
      sums[b][2] += result_y_2;
      sums[b][3] += result_y_3;
    }
  }
  for (int b = 0; b < count; b++) {
    const int item = first + b;
    (result_y + (index_t)item*4)[0] = sums[b][0];
    (result_y + (index_t)item*4)[1] = sums[b][1];
    (result_y + (index_t)item*4)[2] = sums[b][2];
    (result_y + (index_t)item*4)[3] = sums[b][3];
  }
}
