// add·tanh·multiply·subtract·…5
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (64*size_nodes)) return;
  const index_t i1 = item % 64;
  const index_t rest1 = item / 64;
  const index_t i0 = rest1;
  const float v1 = in0[(index_t)(i0)*64 + i1];
  const float v2 = tanh(v1);
  const float v3 = v2 * v2;
  const float v4 = 1.0f - v3;
  const float v5 = v1 * v4;
  const float v6 = v2 + v5;
  result[item] = v6;
}
