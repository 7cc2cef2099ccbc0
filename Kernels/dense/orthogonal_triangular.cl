// The factors of A = Q R, Q with orthonormal columns, R upper triangular with a positive diagonal, by
// Householder's reflections, one matrix a work-item.
//
// The text before this file (`SmallMatrixKernel`) defines `index_t`, `real`, ROWS and COLUMNS, which is
// not larger. Q stands above R: [count][ROWS + COLUMNS][COLUMNS].

kernel void orthogonal_triangular(
    const int count, global const real* matrices, global real* factors) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  matrices += item * ROWS * COLUMNS;
  factors += item * (ROWS + COLUMNS) * COLUMNS;
  real a[ROWS][COLUMNS], q[ROWS][COLUMNS], scale[COLUMNS];
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < COLUMNS; ++j) {
      a[i][j] = matrices[i * COLUMNS + j];
      q[i][j] = i == j;
    }
  }
  // The reflection of column k is along a vector that stands below R in `a`, its first element in
  // `first`: x - scale * v (v . x), with the column's norm of the sign that avoids cancellation.
  real first[COLUMNS];
  for (int k = 0; k < COLUMNS; ++k) {
    real square = 0;
    for (int i = k; i < ROWS; ++i) square += a[i][k] * a[i][k];
    const real norm = a[k][k] > 0 ? -sqrt(square) : sqrt(square);
    first[k] = a[k][k] - norm;
    const real length = square - norm * a[k][k];
    scale[k] = length > 0 ? 1 / length : 0;
    for (int j = k + 1; j < COLUMNS; ++j) {
      real product = first[k] * a[k][j];
      for (int i = k + 1; i < ROWS; ++i) product += a[i][k] * a[i][j];
      product *= scale[k];
      a[k][j] -= product * first[k];
      for (int i = k + 1; i < ROWS; ++i) a[i][j] -= product * a[i][k];
    }
    a[k][k] = norm;
  }
  for (int k = COLUMNS - 1; k >= 0; --k) {
    for (int j = 0; j < COLUMNS; ++j) {
      real product = first[k] * q[k][j];
      for (int i = k + 1; i < ROWS; ++i) product += a[i][k] * q[i][j];
      product *= scale[k];
      q[k][j] -= product * first[k];
      for (int i = k + 1; i < ROWS; ++i) q[i][j] -= product * a[i][k];
    }
  }
  for (int j = 0; j < COLUMNS; ++j) {
    const real sign = a[j][j] < 0 ? -1 : 1;
    for (int i = 0; i < ROWS; ++i) factors[i * COLUMNS + j] = sign * q[i][j];
    for (int k = 0; k < COLUMNS; ++k) {
      factors[(ROWS + j) * COLUMNS + k] = k < j ? 0 : sign * a[j][k];
    }
  }
}
