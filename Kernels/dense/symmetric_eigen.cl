// Eigenvalues in ascending order and eigenvectors of symmetric matrices, by Jacobi's rotations, one
// matrix a work-item.
//
// The text before this file (`SmallMatrixKernel`) defines `index_t`, `real` and ROWS. Of a matrix that is
// not symmetric the mean with its transpose is taken. The result is [count][1 + ROWS][ROWS]: the values,
// then the matrix of which column k is the vector of value k. A vector's component of the largest
// magnitude, the first of equal ones, is positive.

// Quadratic convergence needs some six sweeps, even where values are equal; the bound is for NaN.
#define MOST_SWEEPS 30

kernel void symmetric_eigen(const int count, global const real* matrices, global real* result) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  matrices += item * ROWS * ROWS;
  result += item * (1 + ROWS) * ROWS;
  real a[ROWS][ROWS], v[ROWS][ROWS];
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < ROWS; ++j) {
      a[i][j] = (matrices[i * ROWS + j] + matrices[j * ROWS + i]) / 2;
      v[i][j] = i == j;
    }
  }
  for (int sweep = 0; sweep < MOST_SWEEPS; ++sweep) {
    bool isDiagonal = true;
    for (int p = 0; p < ROWS - 1; ++p) {
      for (int q = p + 1; q < ROWS; ++q) {
        const real off = a[p][q];
        // Far too small to change either value.
        const real small = 100 * fabs(off);
        if (fabs(a[p][p]) + small == fabs(a[p][p]) && fabs(a[q][q]) + small == fabs(a[q][q])) {
          a[p][q] = a[q][p] = 0;
          continue;
        }
        isDiagonal = false;
        const real ratio = (a[q][q] - a[p][p]) / (2 * off);
        const real tangent =
            (ratio < 0 ? -1 : 1) / (fabs(ratio) + hypot(ratio, (real)1));
        const real cosine = 1 / sqrt(tangent * tangent + 1), sine = tangent * cosine;
        a[p][p] -= tangent * off;
        a[q][q] += tangent * off;
        a[p][q] = a[q][p] = 0;
        for (int k = 0; k < ROWS; ++k) {
          if (k != p && k != q) {
            const real x = a[p][k], y = a[q][k];
            a[p][k] = a[k][p] = cosine * x - sine * y;
            a[q][k] = a[k][q] = sine * x + cosine * y;
          }
          const real x = v[k][p], y = v[k][q];
          v[k][p] = cosine * x - sine * y;
          v[k][q] = sine * x + cosine * y;
        }
      }
    }
    if (isDiagonal) break;
  }
  int order[ROWS];
  for (int k = 0; k < ROWS; ++k) {
    int place = k;
    while (place > 0 && a[k][k] < a[order[place - 1]][order[place - 1]]) {
      order[place] = order[place - 1];
      --place;
    }
    order[place] = k;
  }
  for (int k = 0; k < ROWS; ++k) {
    const int source = order[k];
    real largest = 0;
    for (int i = 0; i < ROWS; ++i) {
      if (fabs(v[i][source]) > fabs(largest)) largest = v[i][source];
    }
    const real sign = largest < 0 ? -1 : 1;
    result[k] = a[source][source];
    for (int i = 0; i < ROWS; ++i) result[(1 + i) * ROWS + k] = sign * v[i][source];
  }
}
