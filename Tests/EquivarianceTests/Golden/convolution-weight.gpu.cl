// A work-item computes all components of one channel of one row.
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
  const int place = get_global_id(0);
  const int row = get_global_id(1);
  if (place >= 48 || row >= items) return;
  __global float* restrict row_result = result_weight + (index_t)row*112;
  if (place >= 0 && place < 32) {
    const int lane = place - 0;
    float result_weight_0 = 0;
    float result_weight_32 = 0;
    const int item = row;
    __global const float* restrict x_row = x + (index_t)indices_0[item]*80 + lane;
    __global const float* restrict out_row = out + (index_t)indices_1[item]*240 + lane;
    __global const float* restrict y_scalars = y + (index_t)item*4;
    const float scalar_0 = y_scalars[0];
    const float scalar_1 = y_scalars[1];
    const float scalar_2 = y_scalars[2];
    const float scalar_3 = y_scalars[3];
    // path 0
    const float x_0 = (x_row)[0];
    const float out_0 = (out_row)[0];
    const float common_0 = x_0*out_0;
    result_weight_0 += scalar_0*common_0;
    // path 1
    const float out_48 = (out_row)[48];
    const float out_80 = (out_row)[80];
    const float out_112 = (out_row)[112];
    result_weight_32 += x_0*(scalar_1*out_48 + scalar_2*out_80 + scalar_3*out_112);
    row_result[0 + lane] = result_weight_0;
    row_result[32 + lane] = result_weight_32;
  }
  if (place >= 32 && place < 48) {
    const int lane = place - 32;
    float result_weight_64 = 0;
    float result_weight_80 = 0;
    float result_weight_96 = 0;
    const int item = row;
    __global const float* restrict x_row = x + (index_t)indices_0[item]*80 + lane;
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
    const float x_32 = (x_row)[32];
    const float out_144 = (out_row)[144];
    result_weight_64 += x_32*scalar_4*out_144;
    const float x_48 = (x_row)[48];
    const float out_160 = (out_row)[160];
    result_weight_64 += x_48*scalar_4*out_160;
    const float x_64 = (x_row)[64];
    const float out_176 = (out_row)[176];
    result_weight_64 += x_64*scalar_4*out_176;
    // path 3
    const float out_32 = (out_row)[32];
    result_weight_80 += out_32*(scalar_5*x_32 + scalar_6*x_48 + scalar_7*x_64);
    // path 4
    const float out_224 = (out_row)[224];
    const float out_208 = (out_row)[208];
    result_weight_96 += x_32*(scalar_8*out_224 - scalar_9*out_208);
    const float out_192 = (out_row)[192];
    result_weight_96 += x_48*(-scalar_10*out_224 + scalar_9*out_192);
    result_weight_96 += x_64*(scalar_10*out_208 - scalar_8*out_192);
    row_result[64 + lane] = result_weight_64;
    row_result[80 + lane] = result_weight_80;
    row_result[96 + lane] = result_weight_96;
  }
}
