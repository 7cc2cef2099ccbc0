// The second stage of a matrix product whose depth was split: adds the parts in their order, so
// that the sum has the same bits in every run. A work-item adds one vector of columns of one row.
//
// Reads `parts`, [SPLITS][batch][row][column]; writes `result` at its layout.

__kernel void sum_splits(
    __global const real* restrict parts, __global real* restrict result SIZE_PARAMETERS) {
  SIZE_VALUES
  const int row = get_global_id(0);
  const int column = get_global_id(1) * VECTOR_WIDTH;
  const long batch = get_global_id(2);
  const int live = COLUMN_COUNT - column;
  if (row >= ROW_COUNT || live <= 0) return;

  parts += (batch * ROW_COUNT + row) * COLUMN_COUNT + column;
  const layout matrix = RESULT;
  result += matrix.offset + batch * matrix.batch_stride + row_position(matrix, row) + column;
  vector sum = ACCUMULATES ? load_columns(result, live) : (vector)(0);
  for (int split = 0; split < SPLITS; ++split)
    sum += load_columns(parts + split * SPLIT_STRIDE, live);
  store_columns(EPILOGUE(sum), result, live);
}
