// Small linear equations by elimination with partial pivoting, one matrix a work-item.
//
// The text before this file (`SmallMatrixKernel`) defines `index_t`, `real` and ROWS. Matrices are
// [count][ROWS][ROWS], contiguous.

// Replaces a matrix by its triangular factors, the lower one's ones left out, and writes which row of
// the matrix stands where. Returns the sign of that order.
static int eliminate(real a[ROWS][ROWS], int order[ROWS]) {
  int sign = 1;
  for (int i = 0; i < ROWS; ++i) order[i] = i;
  for (int k = 0; k < ROWS; ++k) {
    int pivot = k;
    for (int i = k + 1; i < ROWS; ++i) {
      if (fabs(a[i][k]) > fabs(a[pivot][k])) pivot = i;
    }
    if (pivot != k) {
      for (int j = 0; j < ROWS; ++j) {
        const real held = a[k][j];
        a[k][j] = a[pivot][j];
        a[pivot][j] = held;
      }
      const int row = order[k];
      order[k] = order[pivot];
      order[pivot] = row;
      sign = -sign;
    }
    // A column of zeros has nothing to eliminate.
    if (a[k][k] == 0) continue;
    for (int i = k + 1; i < ROWS; ++i) {
      const real factor = a[i][k] / a[k][k];
      a[i][k] = factor;
      for (int j = k + 1; j < ROWS; ++j) a[i][j] -= factor * a[k][j];
    }
  }
  return sign;
}

static void load(global const real* matrices, const index_t item, real a[ROWS][ROWS]) {
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < ROWS; ++j) a[i][j] = matrices[(item * ROWS + i) * ROWS + j];
  }
}

// matrix * solution = right, for right sides [count][ROWS][columns]. A singular matrix gives infinities
// or NaN.
kernel void solve(
    const int count, const int columns, global const real* matrices, global const real* right,
    global real* solution) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  real a[ROWS][ROWS];
  int order[ROWS];
  load(matrices, item, a);
  eliminate(a, order);
  right += item * ROWS * columns;
  solution += item * ROWS * columns;
  for (int column = 0; column < columns; ++column) {
    real x[ROWS];
    for (int i = 0; i < ROWS; ++i) {
      real sum = right[order[i] * columns + column];
      for (int j = 0; j < i; ++j) sum -= a[i][j] * x[j];
      x[i] = sum;
    }
    for (int i = ROWS - 1; i >= 0; --i) {
      real sum = x[i];
      for (int j = i + 1; j < ROWS; ++j) sum -= a[i][j] * x[j];
      x[i] = sum / a[i][i];
    }
    for (int i = 0; i < ROWS; ++i) solution[i * columns + column] = x[i];
  }
}

kernel void determinant(const int count, global const real* matrices, global real* result) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  real a[ROWS][ROWS];
  int order[ROWS];
  load(matrices, item, a);
  real product = eliminate(a, order);
  for (int i = 0; i < ROWS; ++i) product *= a[i][i];
  result[item] = product;
}
