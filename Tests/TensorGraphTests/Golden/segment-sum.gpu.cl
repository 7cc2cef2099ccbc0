// segmentSum
__kernel void fused0(
    __global float *restrict result,
    __global const int *restrict in0,
    __global const int *restrict in1,
    __global const float *restrict in2,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (96*size_nodes)) return;
  const index_t i1 = item % 96;
  const index_t rest1 = item / 96;
  const index_t i0 = rest1;
  const int v1 = in0[i0];
  const int v2 = in0[i0 + 1];
  float total7 = 0.0f;
  for (int p3 = v1; p3 < v2; ++p3) {
    const int v5 = in1[p3];
    const int row4 = v5;
    const float v6 = in2[(index_t)(row4)*96 + i1];
    total7 = total7 + v6;
  }
  result[item] = total7;
}
