// A work-item computes all components of one channel of one row.
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
  const int place = get_global_id(0);
  const int row = get_global_id(1);
  if (place >= 48 || row >= rows) return;
  const int begin = offsets[row];
  const int end = offsets[row + 1];
  __global float* restrict row_result = result_x + (index_t)row*80;
  if (place >= 0 && place < 32) {
    const int lane = place - 0;
    float result_x_0 = 0;
    for (int entry = begin; entry < end; entry++) {
      const int item = order[entry];
      __global const float* restrict weight_row = weight + (index_t)item*112 + lane;
      __global const float* restrict out_row = out + (index_t)indices_1[item]*240 + lane;
      __global const float* restrict y_scalars = y + (index_t)item*4;
      const float scalar_0 = y_scalars[0];
      const float scalar_1 = y_scalars[1];
      const float scalar_2 = y_scalars[2];
      const float scalar_3 = y_scalars[3];
      // path 0
      const float weight_0 = (weight_row)[0];
      const float out_0 = (out_row)[0];
      const float common_0 = weight_0*out_0;
      result_x_0 += scalar_0*common_0;
      // path 1
      const float weight_32 = (weight_row)[32];
      const float out_48 = (out_row)[48];
      const float out_80 = (out_row)[80];
      const float out_112 = (out_row)[112];
      result_x_0 += weight_32*(scalar_1*out_48 + scalar_2*out_80 + scalar_3*out_112);
    }
    row_result[0 + lane] = result_x_0;
  }
  if (place >= 32 && place < 48) {
    const int lane = place - 32;
    float result_x_32 = 0;
    float result_x_48 = 0;
    float result_x_64 = 0;
    for (int entry = begin; entry < end; entry++) {
      const int item = order[entry];
      __global const float* restrict weight_row = weight + (index_t)item*112 + lane;
      __global const float* restrict out_row = out + (index_t)indices_1[item]*240 + lane;
      __global const float* restrict y_scalars = y + (index_t)item*4;
      const float scalar_4 = y_scalars[0];
      const float scalar_5 = 0.57735026f*y_scalars[1];
      const float scalar_6 = 0.57735026f*y_scalars[2];
      const float scalar_7 = 0.57735026f*y_scalars[3];
      const float scalar_8 = 0.70710677f*y_scalars[2];
      const float scalar_9 = 0.70710677f*y_scalars[3];
      const float scalar_10 = 0.70710677f*y_scalars[1];
      // path 2
      const float weight_64 = (weight_row)[64];
      const float out_144 = (out_row)[144];
      const float scaled_2_144 = weight_64*out_144;
      result_x_32 += scalar_4*scaled_2_144;
      const float out_160 = (out_row)[160];
      const float scaled_2_160 = weight_64*out_160;
      result_x_48 += scalar_4*scaled_2_160;
      const float out_176 = (out_row)[176];
      const float scaled_2_176 = weight_64*out_176;
      result_x_64 += scalar_4*scaled_2_176;
      // path 3
      const float weight_80 = (weight_row)[80];
      const float out_32 = (out_row)[32];
      const float common_3 = weight_80*out_32;
      result_x_32 += scalar_5*common_3;
      result_x_48 += scalar_6*common_3;
      result_x_64 += scalar_7*common_3;
      // path 4
      const float weight_96 = (weight_row)[96];
      const float out_224 = (out_row)[224];
      const float scaled_4_224 = weight_96*out_224;
      result_x_32 += scalar_8*scaled_4_224;
      result_x_48 -= scalar_10*scaled_4_224;
      const float out_208 = (out_row)[208];
      const float scaled_4_208 = weight_96*out_208;
      result_x_32 -= scalar_9*scaled_4_208;
      result_x_64 += scalar_10*scaled_4_208;
      const float out_192 = (out_row)[192];
      const float scaled_4_192 = weight_96*out_192;
      result_x_48 += scalar_9*scaled_4_192;
      result_x_64 -= scalar_8*scaled_4_192;
    }
    row_result[32 + lane] = result_x_32;
    row_result[48 + lane] = result_x_48;
    row_result[64 + lane] = result_x_64;
  }
}
