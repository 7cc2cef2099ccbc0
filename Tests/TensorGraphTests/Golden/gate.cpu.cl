// sigmoid
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (32*size_nodes)/8) return;
  const index_t i2 = (item % (32/8))*8;
  const index_t rest2 = item / (32/8);
  const index_t i1 = rest2 % 1;
  const index_t rest1 = rest2 / 1;
  const index_t i0 = rest1;
  const float8 v1 = vload8(0, in0 + (index_t)(i0)*192 + (index_t)(i1)*32 + i2 + 64);
  const float8 v2 = 1.0f / (1.0f + exp(-v1));
  vstore8(v2, item, result);
}

// multiply·sigmoid·multiply
__kernel void fused1(
    __global float *restrict result,
    __global const float *restrict in0,
    __global const float *restrict in1,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (160*size_nodes)/8) return;
  const index_t i1 = (item % (160/8))*8;
  const index_t rest1 = item / (160/8);
  const index_t i0 = rest1;
  float8 v7 = (float8)(0.0f);
  if (i1 < 64) {
    const float8 v1 = vload8(0, in0 + (index_t)(i0)*192 + i1);
    const float8 v2 = 1.0f / (1.0f + exp(-v1));
    const float8 v3 = v1 * v2;
    v7 = v3;
  } else {
    const float8 v4 = vload8(0, in0 + (index_t)(i0)*192 + (index_t)((i1 + -64)/32)*32 + (i1 + -64)%32 + 96);
    const float8 v5 = vload8(0, in1 + (index_t)(i0)*32 + (i1 + -64)%32);
    const float8 v6 = v4 * v5;
    v7 = v6;
  }
  vstore8(v7, item, result);
}
