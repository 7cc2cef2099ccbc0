// The lower triangular factor L of symmetric positive definite matrices A = L Lᵀ, one a work-item.
//
// The text before this file (`SmallMatrixKernel`) defines `index_t`, `real` and ROWS. Of a matrix that is
// not symmetric the mean with its transpose is taken; one that is not positive definite gives NaN.

kernel void cholesky(const int count, global const real* matrices, global real* factors) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  matrices += item * ROWS * ROWS;
  factors += item * ROWS * ROWS;
  real l[ROWS][ROWS];
  for (int j = 0; j < ROWS; ++j) {
    for (int i = j; i < ROWS; ++i) {
      real sum = (matrices[i * ROWS + j] + matrices[j * ROWS + i]) / 2;
      for (int k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
    }
  }
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < ROWS; ++j) factors[i * ROWS + j] = j <= i ? l[i][j] : 0;
  }
}
