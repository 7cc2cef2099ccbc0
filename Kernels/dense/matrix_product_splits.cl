// The second stage of a matrix product whose depth was split: adds the parts in their order, so
// that the sum has the same bits in every run. A work-item adds one vector of columns of one row.
//
// Reads `parts`, [SPLITS][batch][row][column], and writes `result` at its layout. The text before
// this one defines what `matrix_layout.cl` asks for.

__kernel void sum_splits(
    __global const real* restrict parts, __global real* restrict result SIZE_PARAMETERS) {
  __global const int* restrict entry = table;
  const int column = get_global_id(0) * VECTOR_WIDTH;
  const int row = get_global_id(1);
  const long batch = get_global_id(2);
  const int live = COLUMN_COUNT - column;
  const int row_count = ROW_ITEMS * ROW_COMPONENTS;
  if (row >= row_count || live <= 0) return;

  parts += (batch * row_count + row) * COLUMN_COUNT + column;
  const layout matrix = RESULT;
  result += matrix.offset + batch * matrix.batch_stride + row_position(matrix, row) + column;
  vector sum = ACCUMULATES ? load_lanes(result, live) : (vector)(0);
  for (int split = 0; split < SPLITS; ++split)
    sum += load_lanes(parts + split * (long)SPLIT_STRIDE, live);
  store_lanes(EPILOGUE(sum), result, live);
}
