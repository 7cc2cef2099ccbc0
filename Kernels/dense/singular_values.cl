// The factors of A = U S Vᵀ of square matrices, U and V orthogonal, S diagonal, not negative and
// descending, by Jacobi's rotations from one side (Hestenes 1958), one matrix a work-item.
//
// The text before this file (`SmallMatrixKernel`) defines `index_t`, `real`, ROWS and EPSILON. The result
// is [count][2 ROWS + 1][ROWS]: U, the values, V. The component of the largest magnitude of a column of V,
// the first of equal ones, is positive.

// Convergence is quadratic; the bound is for NaN.
#define MOST_SWEEPS 30

kernel void singular_values(const int count, global const real* matrices, global real* result) {
  const index_t item = get_global_id(0);
  if (item >= count) return;
  matrices += item * ROWS * ROWS;
  result += item * (2 * ROWS + 1) * ROWS;
  real largest = 0;
  for (int k = 0; k < ROWS * ROWS; ++k) largest = fmax(largest, fabs(matrices[k]));
  // Squares of what is scaled neither overflow nor, where they count, underflow.
  const real scale = largest > 0 ? largest : 1;
  real w[ROWS][ROWS], v[ROWS][ROWS];
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < ROWS; ++j) {
      w[i][j] = matrices[i * ROWS + j] / scale;
      v[i][j] = i == j;
    }
  }
  for (int sweep = 0; sweep < MOST_SWEEPS; ++sweep) {
    bool isOrthogonal = true;
    for (int p = 0; p < ROWS - 1; ++p) {
      for (int q = p + 1; q < ROWS; ++q) {
        real square = 0, other = 0, product = 0;
        for (int i = 0; i < ROWS; ++i) {
          square += w[i][p] * w[i][p];
          other += w[i][q] * w[i][q];
          product += w[i][p] * w[i][q];
        }
        if (fabs(product) <= ROWS * EPSILON * sqrt(square) * sqrt(other)) continue;
        isOrthogonal = false;
        const real ratio = (other - square) / (2 * product);
        const real tangent = (ratio < 0 ? -1 : 1) / (fabs(ratio) + hypot(ratio, (real)1));
        const real cosine = 1 / sqrt(tangent * tangent + 1), sine = tangent * cosine;
        for (int i = 0; i < ROWS; ++i) {
          real x = w[i][p], y = w[i][q];
          w[i][p] = cosine * x - sine * y;
          w[i][q] = sine * x + cosine * y;
          x = v[i][p];
          y = v[i][q];
          v[i][p] = cosine * x - sine * y;
          v[i][q] = sine * x + cosine * y;
        }
      }
    }
    if (isOrthogonal) break;
  }
  real values[ROWS];
  int order[ROWS];
  for (int k = 0; k < ROWS; ++k) {
    real square = 0;
    for (int i = 0; i < ROWS; ++i) square += w[i][k] * w[i][k];
    values[k] = sqrt(square);
    int place = k;
    while (place > 0 && values[k] > values[order[place - 1]]) {
      order[place] = order[place - 1];
      --place;
    }
    order[place] = k;
  }
  real u[ROWS][ROWS];
  for (int k = 0; k < ROWS; ++k) {
    const int source = order[k];
    if (values[source] > EPSILON * EPSILON * values[order[0]]) {
      for (int i = 0; i < ROWS; ++i) u[i][k] = w[i][source] / values[source];
    } else {
      // No direction of its own: that of the axis which the columns before it span least, made
      // orthogonal to them, twice because the first time cancels.
      int axis = 0;
      real least = 2;
      for (int i = 0; i < ROWS; ++i) {
        real spanned = 0;
        for (int j = 0; j < k; ++j) spanned += u[i][j] * u[i][j];
        if (spanned < least) {
          least = spanned;
          axis = i;
        }
      }
      for (int i = 0; i < ROWS; ++i) u[i][k] = i == axis;
      for (int time = 0; time < 2; ++time) {
        for (int j = 0; j < k; ++j) {
          real product = 0;
          for (int i = 0; i < ROWS; ++i) product += u[i][j] * u[i][k];
          for (int i = 0; i < ROWS; ++i) u[i][k] -= product * u[i][j];
        }
      }
      real square = 0;
      for (int i = 0; i < ROWS; ++i) square += u[i][k] * u[i][k];
      for (int i = 0; i < ROWS; ++i) u[i][k] /= sqrt(square);
    }
    real peak = 0;
    for (int i = 0; i < ROWS; ++i) {
      if (fabs(v[i][source]) > fabs(peak)) peak = v[i][source];
    }
    const real sign = peak < 0 ? -1 : 1;
    for (int i = 0; i < ROWS; ++i) {
      result[i * ROWS + k] = sign * u[i][k];
      result[(ROWS + 1 + i) * ROWS + k] = sign * v[i][source];
    }
    result[ROWS * ROWS + k] = scale * values[source];
  }
}
