__attribute__((overloadable)) uint philox_2x32(uint counter, uint stream, uint key) {
  for (int round = 0; round < 10; ++round) {
    const uint high = mul_hi((uint)(0xD256D193u), counter);
    const uint low = (uint)(0xD256D193u) * counter;
    counter = high ^ key ^ stream;
    stream = low;
    key += (uint)(0x9E3779B9u);
  }
  return counter;
}
__attribute__((overloadable)) uint2 philox_2x32(uint2 counter, uint2 stream, uint2 key) {
  for (int round = 0; round < 10; ++round) {
    const uint2 high = mul_hi((uint2)(0xD256D193u), counter);
    const uint2 low = (uint2)(0xD256D193u) * counter;
    counter = high ^ key ^ stream;
    stream = low;
    key += (uint2)(0x9E3779B9u);
  }
  return counter;
}
__attribute__((overloadable)) uint4 philox_2x32(uint4 counter, uint4 stream, uint4 key) {
  for (int round = 0; round < 10; ++round) {
    const uint4 high = mul_hi((uint4)(0xD256D193u), counter);
    const uint4 low = (uint4)(0xD256D193u) * counter;
    counter = high ^ key ^ stream;
    stream = low;
    key += (uint4)(0x9E3779B9u);
  }
  return counter;
}
__attribute__((overloadable)) uint8 philox_2x32(uint8 counter, uint8 stream, uint8 key) {
  for (int round = 0; round < 10; ++round) {
    const uint8 high = mul_hi((uint8)(0xD256D193u), counter);
    const uint8 low = (uint8)(0xD256D193u) * counter;
    counter = high ^ key ^ stream;
    stream = low;
    key += (uint8)(0x9E3779B9u);
  }
  return counter;
}
__attribute__((overloadable)) uint16 philox_2x32(uint16 counter, uint16 stream, uint16 key) {
  for (int round = 0; round < 10; ++round) {
    const uint16 high = mul_hi((uint16)(0xD256D193u), counter);
    const uint16 low = (uint16)(0xD256D193u) * counter;
    counter = high ^ key ^ stream;
    stream = low;
    key += (uint16)(0x9E3779B9u);
  }
  return counter;
}
// multiply·sqrt·multiply·log·…13
__kernel void fused0(
    __global float *restrict result,
    __global const int *restrict in0) {
  const index_t item = get_global_id(0);
  if (item >= 16) return;
  const index_t i0 = item;
  const int v1 = (int)(i0);
  const int v2 = in0[1];
  const int v3 = v2 * 8;
  const int v4 = v3 + 1;
  const int v5 = in0[0];
  const int v6 = (int)(philox_2x32(as_uint(v1), as_uint(v4), as_uint(v5)));
  const float v7 = (convert_float((uint)(v6) >> 9) + 0.5f) * 1.1920928955078125e-7f;
  const float v8 = log(v7);
  const float v9 = (-2.0f) * v8;
  const float v10 = sqrt(v9);
  const int v11 = v3 + 2;
  const int v12 = (int)(philox_2x32(as_uint(v1), as_uint(v11), as_uint(v5)));
  const float v13 = (convert_float((uint)(v12) >> 9) + 0.5f) * 1.1920928955078125e-7f;
  const float v14 = 6.2831855f * v13;
  const float v15 = cos(v14);
  const float v16 = v10 * v15;
  result[item] = v16;
}
