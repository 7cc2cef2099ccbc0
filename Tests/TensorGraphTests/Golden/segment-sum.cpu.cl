// segmentSum
__kernel void fused0(
    __global float *restrict result,
    __global const int *restrict in0,
    __global const int *restrict in1,
    __global const float *restrict in2,
    const int size_nodes) {
  const index_t item = get_global_id(0);
  if (item >= (96*size_nodes)/48) return;
  const index_t i1 = (item % (96/48))*48;
  const index_t rest1 = item / (96/48);
  const index_t i0 = rest1;
  const int v1 = in0[i0];
  const int v2 = in0[i0 + 1];
  float8 total7 = (float8)(0.0f);
  float8 total9 = (float8)(0.0f);
  float8 total11 = (float8)(0.0f);
  float8 total13 = (float8)(0.0f);
  float8 total15 = (float8)(0.0f);
  float8 total17 = (float8)(0.0f);
  for (int p3 = v1; p3 < v2; ++p3) {
    const int v5 = in1[p3];
    const int row4 = v5;
    const float8 v6 = vload8(0, in2 + (index_t)(row4)*96 + i1);
    total7 = total7 + v6;
    const float8 v8 = vload8(0, in2 + (index_t)(row4)*96 + i1 + 8);
    total9 = total9 + v8;
    const float8 v10 = vload8(0, in2 + (index_t)(row4)*96 + i1 + 16);
    total11 = total11 + v10;
    const float8 v12 = vload8(0, in2 + (index_t)(row4)*96 + i1 + 24);
    total13 = total13 + v12;
    const float8 v14 = vload8(0, in2 + (index_t)(row4)*96 + i1 + 32);
    total15 = total15 + v14;
    const float8 v16 = vload8(0, in2 + (index_t)(row4)*96 + i1 + 40);
    total17 = total17 + v16;
  }
  vstore8(total7, item*6 + 0, result);
  vstore8(total9, item*6 + 1, result);
  vstore8(total11, item*6 + 2, result);
  vstore8(total13, item*6 + 3, result);
  vstore8(total15, item*6 + 4, result);
  vstore8(total17, item*6 + 5, result);
}
