// add·multiply·sigmoid
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_edges) {
  const index_t first = (index_t)get_global_id(0)*8;
  if (first + 8 <= (3*size_edges)) {
    const index_t i = first;
    const float8 v1 = vload8(0, in0 + i);
    const float8 v2 = 1.0f / (1.0f + exp(-v1));
    const float8 v3 = v1 * v2;
    const float8 v4 = v3 * (float8)(2.0f);
    const float8 v5 = v4 + (float8)(1.0f);
    vstore8(v5, 0, result + i);
    return;
  }
  for (index_t i = first; i < (3*size_edges); ++i) {
    const float v1 = in0[i];
    const float v2 = 1.0f / (1.0f + exp(-v1));
    const float v3 = v1 * v2;
    const float v4 = v3 * 2.0f;
    const float v5 = v4 + 1.0f;
    result[i] = v5;
  }
}
