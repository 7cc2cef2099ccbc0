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

// Work-item i scales vector i to length 1.
// Reads vectors [items, 3]; writes directions [items, 3].
__kernel void directions(
    __global const float* restrict vectors, __global float* restrict directions,
    const int items) {
  const index_t item = get_global_id(0);
  if (item >= items) return;
  float x = vectors[3*item];
  float y = vectors[3*item + 1];
  float z = vectors[3*item + 2];
  const float largest = fmax(fabs(x), fmax(fabs(y), fabs(z)));
  const float scale = largest > 0.0f ? 1.0f / largest : 0.0f;
  x *= scale;
  y *= scale;
  z *= scale;
  const float inverse = largest > 0.0f ? 1.0f / sqrt(x*x + y*y + z*z) : 0.0f;
  const float inverse_length = inverse * scale;
  x *= inverse;
  y *= inverse;
  z *= inverse;
  directions[3*item] = x;
  directions[3*item + 1] = y;
  directions[3*item + 2] = z;
}

// Work-item i computes all harmonics of vector i.
// Reads vectors [items, 3]; writes harmonics [items, 9].
__kernel void solid_harmonics(
    __global const float* restrict vectors, __global float* restrict harmonics,
    const int items) {
  const index_t item = get_global_id(0);
  if (item >= items) return;
  const float x = vectors[3*item];
  const float y = vectors[3*item + 1];
  const float z = vectors[3*item + 2];
  const float squared_radius = x*x + y*y + z*z;
  __global float* restrict row = harmonics + item*9;
  const float y0 = 1.0f;
  row[0] = y0;
  const float y1 = 1.7320508f * x;
  row[1] = y1;
  const float y2 = 1.7320508f * y;
  row[2] = y2;
  const float y3 = 1.7320508f * z;
  row[3] = y3;
  const float y4 = 1.118034f * z * y1 + 1.118034f * x * y3;
  row[4] = y4;
  const float y5 = 2.236068f * y * y1;
  row[5] = y5;
  const float y6 = 1.9364917f * y * y2 + (-1.118034f) * squared_radius;
  row[6] = y6;
  const float y7 = 2.236068f * y * y3;
  row[7] = y7;
  const float y8 = (-1.118034f) * x * y1 + 1.118034f * z * y3;
  row[8] = y8;
}

// Work-item i computes the direction of item i.
// Reads cotangents [items, 9] and harmonics [items, 9];
// writes directions [items, 3].
__kernel void solid_harmonics_gradient(
    __global const float* restrict cotangents,
    __global const float* restrict harmonics,
    __global float* restrict directions, const int items) {
  const index_t item = get_global_id(0);
  if (item >= items) return;
  __global const float* restrict cotangent = cotangents + item*9;
  __global const float* restrict harmonic = harmonics + item*9;
  __global float* restrict row = directions + item*3;
  row[0] = 1.7320508f * cotangent[1] * harmonic[0]
      + 2.236068f * cotangent[4] * harmonic[3]
      + 2.236068f * cotangent[5] * harmonic[2]
      + (-1.2909944f) * cotangent[6] * harmonic[1]
      + (-2.236068f) * cotangent[8] * harmonic[1];
  row[1] = 1.7320508f * cotangent[2] * harmonic[0]
      + 2.236068f * cotangent[5] * harmonic[1]
      + 2.5819888f * cotangent[6] * harmonic[2]
      + 2.236068f * cotangent[7] * harmonic[3];
  row[2] = 1.7320508f * cotangent[3] * harmonic[0]
      + 2.236068f * cotangent[4] * harmonic[1]
      + (-1.2909944f) * cotangent[6] * harmonic[3]
      + 2.236068f * cotangent[7] * harmonic[2]
      + 2.236068f * cotangent[8] * harmonic[3];
}

// Work-item i takes from cotangent i its part along vector i and divides by the length.
// Reads vectors and cotangents [items, 3]; writes gradients [items, 3].
__kernel void directions_gradient(
    __global const float* restrict vectors,
    __global const float* restrict cotangents,
    __global float* restrict gradients, const int items) {
  const index_t item = get_global_id(0);
  if (item >= items) return;
  float x = vectors[3*item];
  float y = vectors[3*item + 1];
  float z = vectors[3*item + 2];
  const float largest = fmax(fabs(x), fmax(fabs(y), fabs(z)));
  const float scale = largest > 0.0f ? 1.0f / largest : 0.0f;
  x *= scale;
  y *= scale;
  z *= scale;
  const float inverse = largest > 0.0f ? 1.0f / sqrt(x*x + y*y + z*z) : 0.0f;
  const float inverse_length = inverse * scale;
  x *= inverse;
  y *= inverse;
  z *= inverse;
  const float gx = cotangents[3*item];
  const float gy = cotangents[3*item + 1];
  const float gz = cotangents[3*item + 2];
  const float along = x*gx + y*gy + z*gz;
  gradients[3*item] = inverse_length * (gx - along*x);
  gradients[3*item + 1] = inverse_length * (gy - along*y);
  gradients[3*item + 2] = inverse_length * (gz - along*z);
}
