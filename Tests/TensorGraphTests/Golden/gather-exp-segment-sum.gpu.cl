// divide·segmentSum·exp·gather
__kernel void fused0(
    __global float *restrict result,
    __global const int *restrict in0,
    __global const int *restrict in1,
    __global const int *restrict in2,
    __global const float *restrict in3,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (64*size_nodes)) return;
  const index_t i1 = item % 64;
  const index_t rest1 = item / 64;
  const index_t i0 = rest1;
  const int v1 = in0[i0];
  const int v2 = in0[i0 + 1];
  float total9 = 0.0f;
  for (int p3 = v1; p3 < v2; ++p3) {
    const int v5 = in1[p3];
    const int row4 = v5;
    const int v6 = in2[row4];
    const float v7 = in3[(index_t)(v6)*64 + i1];
    const float v8 = exp(v7);
    total9 = total9 + v8;
  }
  const float v10 = total9 / 7.0f;
  result[item] = v10;
}
