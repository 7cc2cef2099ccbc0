// add
__kernel void fused0(
    __global float *restrict result,
    __global const float *restrict in0,
    const int size_edges) {
  const index_t first = (index_t)get_global_id(0)*8;
  if (first + 8 <= (9*size_edges)) {
    const index_t i = first;
    const float8 v1 = vload8(0, in0 + i);
    const float8 v2 = v1 + v1;
    vstore8(v2, 0, result + i);
    return;
  }
  for (index_t i = first; i < (9*size_edges); ++i) {
    const float v1 = in0[i];
    const float v2 = v1 + v1;
    result[i] = v2;
  }
}

typedef float real;
typedef float8 lanes;
#define INLINE static __attribute__((always_inline)) inline
// Asks for `length` elements that are read, or written, soon.
INLINE void ask_for(__global const real* elements, const int length) {
  for (int i = 0; i < length; i += 16)
    PREFETCH(elements + i);
}
// Turns a block: element c of row r becomes element r of row c.
static inline __attribute__((always_inline)) void turn(lanes block[8]) {
  {
    const lanes low0 = (lanes)(block[0].s0, block[0].s1, block[0].s2, block[0].s3, block[4].s0, block[4].s1, block[4].s2, block[4].s3);
    const lanes high0 = (lanes)(block[0].s4, block[0].s5, block[0].s6, block[0].s7, block[4].s4, block[4].s5, block[4].s6, block[4].s7);
    block[0] = low0;
    block[4] = high0;
    const lanes low1 = (lanes)(block[1].s0, block[1].s1, block[1].s2, block[1].s3, block[5].s0, block[5].s1, block[5].s2, block[5].s3);
    const lanes high1 = (lanes)(block[1].s4, block[1].s5, block[1].s6, block[1].s7, block[5].s4, block[5].s5, block[5].s6, block[5].s7);
    block[1] = low1;
    block[5] = high1;
    const lanes low2 = (lanes)(block[2].s0, block[2].s1, block[2].s2, block[2].s3, block[6].s0, block[6].s1, block[6].s2, block[6].s3);
    const lanes high2 = (lanes)(block[2].s4, block[2].s5, block[2].s6, block[2].s7, block[6].s4, block[6].s5, block[6].s6, block[6].s7);
    block[2] = low2;
    block[6] = high2;
    const lanes low3 = (lanes)(block[3].s0, block[3].s1, block[3].s2, block[3].s3, block[7].s0, block[7].s1, block[7].s2, block[7].s3);
    const lanes high3 = (lanes)(block[3].s4, block[3].s5, block[3].s6, block[3].s7, block[7].s4, block[7].s5, block[7].s6, block[7].s7);
    block[3] = low3;
    block[7] = high3;
  }
  {
    const lanes low0 = (lanes)(block[0].s0, block[0].s1, block[2].s0, block[2].s1, block[0].s4, block[0].s5, block[2].s4, block[2].s5);
    const lanes high0 = (lanes)(block[0].s2, block[0].s3, block[2].s2, block[2].s3, block[0].s6, block[0].s7, block[2].s6, block[2].s7);
    block[0] = low0;
    block[2] = high0;
    const lanes low1 = (lanes)(block[1].s0, block[1].s1, block[3].s0, block[3].s1, block[1].s4, block[1].s5, block[3].s4, block[3].s5);
    const lanes high1 = (lanes)(block[1].s2, block[1].s3, block[3].s2, block[3].s3, block[1].s6, block[1].s7, block[3].s6, block[3].s7);
    block[1] = low1;
    block[3] = high1;
    const lanes low4 = (lanes)(block[4].s0, block[4].s1, block[6].s0, block[6].s1, block[4].s4, block[4].s5, block[6].s4, block[6].s5);
    const lanes high4 = (lanes)(block[4].s2, block[4].s3, block[6].s2, block[6].s3, block[4].s6, block[4].s7, block[6].s6, block[6].s7);
    block[4] = low4;
    block[6] = high4;
    const lanes low5 = (lanes)(block[5].s0, block[5].s1, block[7].s0, block[7].s1, block[5].s4, block[5].s5, block[7].s4, block[7].s5);
    const lanes high5 = (lanes)(block[5].s2, block[5].s3, block[7].s2, block[7].s3, block[5].s6, block[5].s7, block[7].s6, block[7].s7);
    block[5] = low5;
    block[7] = high5;
  }
  {
    const lanes low0 = (lanes)(block[0].s0, block[1].s0, block[0].s2, block[1].s2, block[0].s4, block[1].s4, block[0].s6, block[1].s6);
    const lanes high0 = (lanes)(block[0].s1, block[1].s1, block[0].s3, block[1].s3, block[0].s5, block[1].s5, block[0].s7, block[1].s7);
    block[0] = low0;
    block[1] = high0;
    const lanes low2 = (lanes)(block[2].s0, block[3].s0, block[2].s2, block[3].s2, block[2].s4, block[3].s4, block[2].s6, block[3].s6);
    const lanes high2 = (lanes)(block[2].s1, block[3].s1, block[2].s3, block[3].s3, block[2].s5, block[3].s5, block[2].s7, block[3].s7);
    block[2] = low2;
    block[3] = high2;
    const lanes low4 = (lanes)(block[4].s0, block[5].s0, block[4].s2, block[5].s2, block[4].s4, block[5].s4, block[4].s6, block[5].s6);
    const lanes high4 = (lanes)(block[4].s1, block[5].s1, block[4].s3, block[5].s3, block[4].s5, block[5].s5, block[4].s7, block[5].s7);
    block[4] = low4;
    block[5] = high4;
    const lanes low6 = (lanes)(block[6].s0, block[7].s0, block[6].s2, block[7].s2, block[6].s4, block[7].s4, block[6].s6, block[7].s6);
    const lanes high6 = (lanes)(block[6].s1, block[7].s1, block[6].s3, block[7].s3, block[6].s5, block[7].s5, block[6].s7, block[7].s7);
    block[6] = low6;
    block[7] = high6;
  }
}
// Reads 8 columns of `live` rows, 8 at most, that are `width` long.
INLINE void load_block(
    lanes block[8], __global const real* rows, const int width, const int live) {
  #pragma unroll
  for (int r = 0; r < 8; ++r)
    block[r] = vload8(0, rows + min(r, live - 1)*width);
  turn(block);
}
// Writes them.
INLINE void store_block(
    lanes block[8], __global real* rows, const int width, const int live) {
  turn(block);
  #pragma unroll
  for (int r = 0; r < 8; ++r)
    if (r < live) vstore8(block[r], 0, rows + r*width);
}
// Reads one column.
INLINE lanes load_column(__global const real* rows, const int width, const int live) {
  return (lanes)(rows[0], rows[min(1, live - 1)*width], rows[min(2, live - 1)*width], rows[min(3, live - 1)*width], rows[min(4, live - 1)*width], rows[min(5, live - 1)*width], rows[min(6, live - 1)*width], rows[min(7, live - 1)*width]);
}
// Writes one column.
INLINE void store_column(
    const lanes column, __global real* rows, const int width, const int live) {
  if (live == 8) {
    rows[0*width] = column.s0;
    rows[1*width] = column.s1;
    rows[2*width] = column.s2;
    rows[3*width] = column.s3;
    rows[4*width] = column.s4;
    rows[5*width] = column.s5;
    rows[6*width] = column.s6;
    rows[7*width] = column.s7;
  } else {
    if (0 < live) rows[0*width] = column.s0;
    if (1 < live) rows[1*width] = column.s1;
    if (2 < live) rows[2*width] = column.s2;
    if (3 < live) rows[3*width] = column.s3;
    if (4 < live) rows[4*width] = column.s4;
    if (5 < live) rows[5*width] = column.s5;
    if (6 < live) rows[6*width] = column.s6;
    if (7 < live) rows[7*width] = column.s7;
  }
}
// A work-item has 8 items, one in each lane of its vectors.
// Computes all harmonics of vector i, scaled to length 1.
// Reads vectors [items, 3]; writes harmonics [items, 9].
__kernel void solid_harmonics(
    __global const float* restrict vectors, __global float* restrict harmonics,
    const int items) {
  const index_t first = (index_t)get_global_id(0)*8;
  if (first >= items) return;
  const int live = min(8, (int)(items - first));
  const lanes vector0 = load_column(vectors + first*3 + 0, 3, live);
  const lanes vector1 = load_column(vectors + first*3 + 1, 3, live);
  const lanes vector2 = load_column(vectors + first*3 + 2, 3, live);
  lanes x = vector0, y = vector1, z = vector2;
  const lanes largest = fmax(fabs(x), fmax(fabs(y), fabs(z)));
  const lanes scale = largest > 1.1754944e-38f ? 1.0f / largest : (lanes)(0.0f);
  x *= scale;
  y *= scale;
  z *= scale;
  const lanes inverse = largest > 1.1754944e-38f ? 1.0f / sqrt(x*x + y*y + z*z) : (lanes)(0.0f);
  const lanes inverse_length = inverse * scale;
  x *= inverse;
  y *= inverse;
  z *= inverse;
  const lanes squared_radius = x*x + y*y + z*z;
  const lanes y0 = 1.0f;
  const lanes y1 = 1.7320508f * x;
  const lanes y2 = 1.7320508f * y;
  const lanes y3 = 1.7320508f * z;
  const lanes y4 = 1.118034f * z * y1 + 1.118034f * x * y3;
  const lanes y5 = 2.236068f * y * y1;
  const lanes y6 = 1.9364917f * y * y2 + (-1.118034f) * squared_radius;
  const lanes y7 = 2.236068f * y * y3;
  const lanes y8 = (-1.118034f) * x * y1 + 1.118034f * z * y3;
  ask_for(harmonics + first*9 + 504, 72);
  {
    lanes block[8] = {y0, y1, y2, y3, y4, y5, y6, y7};
    store_block(block, harmonics + first*9 + 0, 9, live);
  }
  {
    lanes block[8] = {y1, y2, y3, y4, y5, y6, y7, y8};
    store_block(block, harmonics + first*9 + 1, 9, live);
  }
}

typedef float real;
typedef float8 lanes;
#define INLINE static __attribute__((always_inline)) inline
// Asks for `length` elements that are read, or written, soon.
INLINE void ask_for(__global const real* elements, const int length) {
  for (int i = 0; i < length; i += 16)
    PREFETCH(elements + i);
}
// Turns a block: element c of row r becomes element r of row c.
static inline __attribute__((always_inline)) void turn(lanes block[8]) {
  {
    const lanes low0 = (lanes)(block[0].s0, block[0].s1, block[0].s2, block[0].s3, block[4].s0, block[4].s1, block[4].s2, block[4].s3);
    const lanes high0 = (lanes)(block[0].s4, block[0].s5, block[0].s6, block[0].s7, block[4].s4, block[4].s5, block[4].s6, block[4].s7);
    block[0] = low0;
    block[4] = high0;
    const lanes low1 = (lanes)(block[1].s0, block[1].s1, block[1].s2, block[1].s3, block[5].s0, block[5].s1, block[5].s2, block[5].s3);
    const lanes high1 = (lanes)(block[1].s4, block[1].s5, block[1].s6, block[1].s7, block[5].s4, block[5].s5, block[5].s6, block[5].s7);
    block[1] = low1;
    block[5] = high1;
    const lanes low2 = (lanes)(block[2].s0, block[2].s1, block[2].s2, block[2].s3, block[6].s0, block[6].s1, block[6].s2, block[6].s3);
    const lanes high2 = (lanes)(block[2].s4, block[2].s5, block[2].s6, block[2].s7, block[6].s4, block[6].s5, block[6].s6, block[6].s7);
    block[2] = low2;
    block[6] = high2;
    const lanes low3 = (lanes)(block[3].s0, block[3].s1, block[3].s2, block[3].s3, block[7].s0, block[7].s1, block[7].s2, block[7].s3);
    const lanes high3 = (lanes)(block[3].s4, block[3].s5, block[3].s6, block[3].s7, block[7].s4, block[7].s5, block[7].s6, block[7].s7);
    block[3] = low3;
    block[7] = high3;
  }
  {
    const lanes low0 = (lanes)(block[0].s0, block[0].s1, block[2].s0, block[2].s1, block[0].s4, block[0].s5, block[2].s4, block[2].s5);
    const lanes high0 = (lanes)(block[0].s2, block[0].s3, block[2].s2, block[2].s3, block[0].s6, block[0].s7, block[2].s6, block[2].s7);
    block[0] = low0;
    block[2] = high0;
    const lanes low1 = (lanes)(block[1].s0, block[1].s1, block[3].s0, block[3].s1, block[1].s4, block[1].s5, block[3].s4, block[3].s5);
    const lanes high1 = (lanes)(block[1].s2, block[1].s3, block[3].s2, block[3].s3, block[1].s6, block[1].s7, block[3].s6, block[3].s7);
    block[1] = low1;
    block[3] = high1;
    const lanes low4 = (lanes)(block[4].s0, block[4].s1, block[6].s0, block[6].s1, block[4].s4, block[4].s5, block[6].s4, block[6].s5);
    const lanes high4 = (lanes)(block[4].s2, block[4].s3, block[6].s2, block[6].s3, block[4].s6, block[4].s7, block[6].s6, block[6].s7);
    block[4] = low4;
    block[6] = high4;
    const lanes low5 = (lanes)(block[5].s0, block[5].s1, block[7].s0, block[7].s1, block[5].s4, block[5].s5, block[7].s4, block[7].s5);
    const lanes high5 = (lanes)(block[5].s2, block[5].s3, block[7].s2, block[7].s3, block[5].s6, block[5].s7, block[7].s6, block[7].s7);
    block[5] = low5;
    block[7] = high5;
  }
  {
    const lanes low0 = (lanes)(block[0].s0, block[1].s0, block[0].s2, block[1].s2, block[0].s4, block[1].s4, block[0].s6, block[1].s6);
    const lanes high0 = (lanes)(block[0].s1, block[1].s1, block[0].s3, block[1].s3, block[0].s5, block[1].s5, block[0].s7, block[1].s7);
    block[0] = low0;
    block[1] = high0;
    const lanes low2 = (lanes)(block[2].s0, block[3].s0, block[2].s2, block[3].s2, block[2].s4, block[3].s4, block[2].s6, block[3].s6);
    const lanes high2 = (lanes)(block[2].s1, block[3].s1, block[2].s3, block[3].s3, block[2].s5, block[3].s5, block[2].s7, block[3].s7);
    block[2] = low2;
    block[3] = high2;
    const lanes low4 = (lanes)(block[4].s0, block[5].s0, block[4].s2, block[5].s2, block[4].s4, block[5].s4, block[4].s6, block[5].s6);
    const lanes high4 = (lanes)(block[4].s1, block[5].s1, block[4].s3, block[5].s3, block[4].s5, block[5].s5, block[4].s7, block[5].s7);
    block[4] = low4;
    block[5] = high4;
    const lanes low6 = (lanes)(block[6].s0, block[7].s0, block[6].s2, block[7].s2, block[6].s4, block[7].s4, block[6].s6, block[7].s6);
    const lanes high6 = (lanes)(block[6].s1, block[7].s1, block[6].s3, block[7].s3, block[6].s5, block[7].s5, block[6].s7, block[7].s7);
    block[6] = low6;
    block[7] = high6;
  }
}
// Reads 8 columns of `live` rows, 8 at most, that are `width` long.
INLINE void load_block(
    lanes block[8], __global const real* rows, const int width, const int live) {
  #pragma unroll
  for (int r = 0; r < 8; ++r)
    block[r] = vload8(0, rows + min(r, live - 1)*width);
  turn(block);
}
// Writes them.
INLINE void store_block(
    lanes block[8], __global real* rows, const int width, const int live) {
  turn(block);
  #pragma unroll
  for (int r = 0; r < 8; ++r)
    if (r < live) vstore8(block[r], 0, rows + r*width);
}
// Reads one column.
INLINE lanes load_column(__global const real* rows, const int width, const int live) {
  return (lanes)(rows[0], rows[min(1, live - 1)*width], rows[min(2, live - 1)*width], rows[min(3, live - 1)*width], rows[min(4, live - 1)*width], rows[min(5, live - 1)*width], rows[min(6, live - 1)*width], rows[min(7, live - 1)*width]);
}
// Writes one column.
INLINE void store_column(
    const lanes column, __global real* rows, const int width, const int live) {
  if (live == 8) {
    rows[0*width] = column.s0;
    rows[1*width] = column.s1;
    rows[2*width] = column.s2;
    rows[3*width] = column.s3;
    rows[4*width] = column.s4;
    rows[5*width] = column.s5;
    rows[6*width] = column.s6;
    rows[7*width] = column.s7;
  } else {
    if (0 < live) rows[0*width] = column.s0;
    if (1 < live) rows[1*width] = column.s1;
    if (2 < live) rows[2*width] = column.s2;
    if (3 < live) rows[3*width] = column.s3;
    if (4 < live) rows[4*width] = column.s4;
    if (5 < live) rows[5*width] = column.s5;
    if (6 < live) rows[6*width] = column.s6;
    if (7 < live) rows[7*width] = column.s7;
  }
}
// A work-item has 8 items, one in each lane of its vectors.
// Computes the gradient of Σ cotangent · harmonic with respect to each vector, which is scaled to length 1 first.
// Reads vectors [items, 3] and cotangents [items, 9]; writes gradients [items, 3].
__kernel void solid_harmonics_slope(
    __global const float* restrict vectors,
    __global const float* restrict cotangents,
    __global float* restrict gradients, const int items) {
  const index_t first = (index_t)get_global_id(0)*8;
  if (first >= items) return;
  const int live = min(8, (int)(items - first));
  const lanes vector0 = load_column(vectors + first*3 + 0, 3, live);
  const lanes vector1 = load_column(vectors + first*3 + 1, 3, live);
  const lanes vector2 = load_column(vectors + first*3 + 2, 3, live);
  lanes x = vector0, y = vector1, z = vector2;
  const lanes largest = fmax(fabs(x), fmax(fabs(y), fabs(z)));
  const lanes scale = largest > 1.1754944e-38f ? 1.0f / largest : (lanes)(0.0f);
  x *= scale;
  y *= scale;
  z *= scale;
  const lanes inverse = largest > 1.1754944e-38f ? 1.0f / sqrt(x*x + y*y + z*z) : (lanes)(0.0f);
  const lanes inverse_length = inverse * scale;
  x *= inverse;
  y *= inverse;
  z *= inverse;
  const lanes squared_radius = x*x + y*y + z*z;
  lanes slope_x = 0, slope_y = 0, slope_z = 0;
  const lanes y0 = 1.0f;
  const lanes y1 = 1.7320508f * x;
  const lanes y2 = 1.7320508f * y;
  const lanes y3 = 1.7320508f * z;
  ask_for(cotangents + first*9 + 504, 72);
  lanes cotangent_0[8];
  load_block(cotangent_0, cotangents + first*9 + 0, 9, live);
  const lanes cotangent1 = cotangent_0[1];
  const lanes cotangent2 = cotangent_0[2];
  const lanes cotangent3 = cotangent_0[3];
  const lanes cotangent4 = cotangent_0[4];
  const lanes cotangent5 = cotangent_0[5];
  const lanes cotangent6 = cotangent_0[6];
  const lanes cotangent7 = cotangent_0[7];
  lanes cotangent_1[8];
  load_block(cotangent_1, cotangents + first*9 + 1, 9, live);
  const lanes cotangent8 = cotangent_1[7];
  slope_x += 1.7320508f*cotangent1;
  slope_y += 1.7320508f*cotangent2;
  slope_z += 1.7320508f*cotangent3;
  slope_x += y1 * ((-1.2909944f)*cotangent6 + (-2.236068f)*cotangent8);
  slope_y += y1 * (2.236068f*cotangent5);
  slope_z += y1 * (2.236068f*cotangent4);
  slope_x += y2 * (2.236068f*cotangent5);
  slope_y += y2 * (2.5819888f*cotangent6);
  slope_z += y2 * (2.236068f*cotangent7);
  slope_x += y3 * (2.236068f*cotangent4);
  slope_y += y3 * (2.236068f*cotangent7);
  slope_z += y3 * ((-1.2909944f)*cotangent6 + 2.236068f*cotangent8);
  const lanes along = x*slope_x + y*slope_y + z*slope_z;
  const lanes result0 = inverse_length * (slope_x - along*x);
  const lanes result1 = inverse_length * (slope_y - along*y);
  const lanes result2 = inverse_length * (slope_z - along*z);
  store_column(result0, gradients + first*3 + 0, 3, live);
  store_column(result1, gradients + first*3 + 1, 3, live);
  store_column(result2, gradients + first*3 + 2, 3, live);
}
