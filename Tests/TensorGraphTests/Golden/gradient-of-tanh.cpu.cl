// add·tanh·multiply·subtract·…5
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_nodes) {
  const index_t first = (index_t)get_global_id(0)*8;
  if (first + 8 <= (64*size_nodes)) {
    const index_t i = first;
    const float8 v1 = vload8(0, in0 + i);
    const float8 v2 = tanh(v1);
    const float8 v3 = v2 * v2;
    const float8 v4 = (float8)(1.0f) - v3;
    const float8 v5 = v1 * v4;
    const float8 v6 = v2 + v5;
    vstore8(v6, 0, result + i);
    return;
  }
  for (index_t i = first; i < (64*size_nodes); ++i) {
    const float v1 = in0[i];
    const float v2 = tanh(v1);
    const float v3 = v2 * v2;
    const float v4 = 1.0f - v3;
    const float v5 = v1 * v4;
    const float v6 = v2 + v5;
    result[i] = v6;
  }
}
