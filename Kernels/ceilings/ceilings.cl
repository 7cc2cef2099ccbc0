// What a device can do at most: a copy, multiply-adds in registers, and nothing at all.
//
// The text before this one defines
//   vector, VECTOR_WIDTH          a vector of floats and its width
//   LOAD(pointer), STORE(value, pointer)
//   VECTORS_PER_ITEM              vectors that a work-item copies
//   CHAINS                        sums that a work-item forms at the same time, at most 16

// One work-item copies VECTORS_PER_ITEM vectors that follow one another.
kernel void copy_vectors(global const float* restrict source, global float* restrict target) {
  const size_t first = get_global_id(0) * (size_t)(VECTORS_PER_ITEM * VECTOR_WIDTH);
  for (int v = 0; v < VECTORS_PER_ITEM; ++v)
    STORE(LOAD(source + first + v * VECTOR_WIDTH), target + first + v * VECTOR_WIDTH);
}

// One work-item forms CHAINS sums that do not wait for each other, `steps` multiply-adds each. They
// stay bounded, and their total is stored, so that no compiler can leave them out.
kernel void multiply_add(const int steps, const float factor, global float* restrict totals) {
  vector sum[CHAINS];
  #pragma unroll
  for (int c = 0; c < CHAINS; ++c) sum[c] = (vector)(0.5f * (c + 1));
  const vector scale = (vector)(factor), offset = (vector)(1.0f - factor);
  for (int step = 0; step < steps; ++step) {
    #pragma unroll
    for (int c = 0; c < CHAINS; ++c) sum[c] = fma(sum[c], scale, offset);
  }
  vector total = 0;
  #pragma unroll
  for (int c = 0; c < CHAINS; ++c) total += sum[c];
  STORE(total, totals + get_global_id(0) * VECTOR_WIDTH);
}

// Does nothing: what is left is the launch.
kernel void nothing(global float* unused) {}
