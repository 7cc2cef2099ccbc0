// A work-item computes all components of one channel of one row.
// Reads x [indices_0[item], 80], y [item, 4], weight [knot, value · rise · slope, 112].
// Writes result_out [row, 240]: the sum over the items of each row.
__kernel void contraction(
    __global const float* restrict x,
    __global const float* restrict y,
    __global const float* restrict weight,
    __global const int* restrict indices_0,
    __global const int* restrict offsets,
    __global const float* restrict position,
    const float knots_per_unit,
    const int last_interval,
    __global float* restrict result_out,
    const int rows) {
  const int place = get_global_id(0);
  const int row = get_global_id(1);
  if (place >= 48 || row >= rows) return;
  const int begin = offsets[row];
  const int end = offsets[row + 1];
  __global float* restrict row_result = result_out + (index_t)row*240;
  if (place >= 0 && place < 32) {
    const int lane = place - 0;
    float result_out_0 = 0;
    float result_out_48 = 0;
    float result_out_80 = 0;
    float result_out_112 = 0;
    for (int entry = begin; entry < end; entry++) {
      const int item = entry;
      const float place = position[item]*knots_per_unit;
      const int knot = (int)fmin(fmax(place, (float)0), (float)last_interval);
      const float fraction = place - knot;
      const float basis_0_1 = fraction*fraction*(3 - 2*fraction);
      const float basis_0_2 = fraction*(1 - fraction)*(1 - fraction);
      const float basis_0_5 = fraction*fraction*(fraction - 1);
      __global const float* restrict x_row = x + (index_t)indices_0[item]*80 + lane;
      __global const float* restrict weight_row = weight + (index_t)knot*336 + lane;
      __global const float* restrict y_scalars = y + (index_t)item*4;
      const float scalar_0 = y_scalars[0];
      const float scalar_1 = y_scalars[1];
      const float scalar_2 = y_scalars[2];
      const float scalar_3 = y_scalars[3];
      // path 0
      const float x_0 = (x_row)[0];
      const float weight_0 = (weight_row)[0] + basis_0_1*(weight_row)[112] + basis_0_2*(weight_row)[224] + basis_0_5*(weight_row)[560];
      const float common_0 = x_0*weight_0;
      result_out_0 += scalar_0*common_0;
      // path 1
      const float weight_32 = (weight_row)[32] + basis_0_1*(weight_row)[144] + basis_0_2*(weight_row)[256] + basis_0_5*(weight_row)[592];
      const float common_1 = x_0*weight_32;
      result_out_48 += scalar_1*common_1;
      result_out_80 += scalar_2*common_1;
      result_out_112 += scalar_3*common_1;
    }
    row_result[0 + lane] = result_out_0;
    row_result[48 + lane] = result_out_48;
    row_result[80 + lane] = result_out_80;
    row_result[112 + lane] = result_out_112;
  }
  if (place >= 32 && place < 48) {
    const int lane = place - 32;
    float result_out_32 = 0;
    float result_out_144 = 0;
    float result_out_160 = 0;
    float result_out_176 = 0;
    float result_out_192 = 0;
    float result_out_208 = 0;
    float result_out_224 = 0;
    for (int entry = begin; entry < end; entry++) {
      const int item = entry;
      const float place = position[item]*knots_per_unit;
      const int knot = (int)fmin(fmax(place, (float)0), (float)last_interval);
      const float fraction = place - knot;
      const float basis_0_1 = fraction*fraction*(3 - 2*fraction);
      const float basis_0_2 = fraction*(1 - fraction)*(1 - fraction);
      const float basis_0_5 = fraction*fraction*(fraction - 1);
      __global const float* restrict x_row = x + (index_t)indices_0[item]*80 + lane;
      __global const float* restrict weight_row = weight + (index_t)knot*336 + lane;
      __global const float* restrict y_scalars = y + (index_t)item*4;
      const float scalar_4 = y_scalars[0];
      const float scalar_5 = 0.57735026f*y_scalars[1];
      const float scalar_6 = 0.57735026f*y_scalars[2];
      const float scalar_7 = 0.57735026f*y_scalars[3];
      const float scalar_8 = 0.70710677f*y_scalars[2];
      const float scalar_9 = 0.70710677f*y_scalars[3];
      const float scalar_10 = 0.70710677f*y_scalars[1];
      // path 2
      const float weight_64 = (weight_row)[64] + basis_0_1*(weight_row)[176] + basis_0_2*(weight_row)[288] + basis_0_5*(weight_row)[624];
      const float x_32 = (x_row)[32];
      const float scaled_2_32 = weight_64*x_32;
      result_out_144 += scalar_4*scaled_2_32;
      const float x_48 = (x_row)[48];
      const float scaled_2_48 = weight_64*x_48;
      result_out_160 += scalar_4*scaled_2_48;
      const float x_64 = (x_row)[64];
      const float scaled_2_64 = weight_64*x_64;
      result_out_176 += scalar_4*scaled_2_64;
      // path 3
      const float weight_80 = (weight_row)[80] + basis_0_1*(weight_row)[192] + basis_0_2*(weight_row)[304] + basis_0_5*(weight_row)[640];
      result_out_32 += weight_80*(scalar_5*x_32 + scalar_6*x_48 + scalar_7*x_64);
      // path 4
      const float weight_96 = (weight_row)[96] + basis_0_1*(weight_row)[208] + basis_0_2*(weight_row)[320] + basis_0_5*(weight_row)[656];
      const float scaled_4_32 = weight_96*x_32;
      result_out_208 -= scalar_9*scaled_4_32;
      result_out_224 += scalar_8*scaled_4_32;
      const float scaled_4_48 = weight_96*x_48;
      result_out_192 += scalar_9*scaled_4_48;
      result_out_224 -= scalar_10*scaled_4_48;
      const float scaled_4_64 = weight_96*x_64;
      result_out_192 -= scalar_8*scaled_4_64;
      result_out_208 += scalar_10*scaled_4_64;
    }
    row_result[32 + lane] = result_out_32;
    row_result[144 + lane] = result_out_144;
    row_result[160 + lane] = result_out_160;
    row_result[176 + lane] = result_out_176;
    row_result[192 + lane] = result_out_192;
    row_result[208 + lane] = result_out_208;
    row_result[224 + lane] = result_out_224;
  }
}
