// add·multiply·sigmoid
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_edges) {
  const index_t item = get_global_id(0);
  if (item >= (3*size_edges)) return;
  const index_t i1 = item % 3;
  const index_t rest1 = item / 3;
  const index_t i0 = rest1;
  const float v1 = in0[(index_t)(i0)*3 + i1];
  const float v2 = 1.0f / (1.0f + exp(-v1));
  const float v3 = v1 * v2;
  const float v4 = v3 * 2.0f;
  const float v5 = v4 + 1.0f;
  result[item] = v5;
}
