// What the kernels of matrix products share: where elements stand, and vectors of columns.
//
//   result[b, r, c] (+)= sum over terms, d of first[b, r, d] * (scale * second[b, d, c])
//
// The rows of a product, and the depth of its terms, are pairs (item, component): an axis of
// length items * components of which each level has its own stride. Plain matrices have one
// component. Sizes, scales, and strides but 0 and 1 are read from a table, or are arguments of the
// kernel where they change from run to run, so that one build serves products of all sizes. A launch
// may compute several products, with a row of the table each.
//
// The text before this one defines
//   real, vector, VECTOR_WIDTH           the element type, vectors of it
//   LOAD(pointer), STORE(value, pointer) vectors in memory
//   SIZE_PARAMETERS                      kernel parameters of the sizes, `table` among them
//   ENTRY_COUNT                          the length of a row of the table; kernels call it `entry`
//   MATRIX                               which matrix of the batch, and split of its depth
//   ROW_ITEMS, ROW_COMPONENTS, COLUMN_COUNT, DEPTH_COMPONENTS
//   RESULT                               layout of the result
//   TERM_COUNT, TERMS                    initialiser of an array of `term`
//   FIRST_DEPTH_STRIDE, SECOND_COLUMN_STRIDE   these strides of the term `t`, 1 where all are
//   SPLITS, SPLIT_STRIDE                 into how many parts the depth is split, and how far
//                                        their results stand apart
//   ACCUMULATES, EPILOGUE(value)         whether the result's old value is added to the new one,
//                                        and what is done to the sum

#define INLINE static inline __attribute__((always_inline))

// Where the element (row, column) of a matrix stands: offset + row and column times strides.
typedef struct {
  long offset, batch_stride;
  long row_item_stride, row_component_stride;
  long column_item_stride, column_component_stride;
  int row_components;
} layout;

// One product of the sum: the rows of `second` and the columns of `first` are its depth.
typedef struct {
  int depth_items;
  layout first, second;
  real scale;
} term;

INLINE long row_position(const layout matrix, const int row) {
  return (long)(row / matrix.row_components) * matrix.row_item_stride
      + (row % matrix.row_components) * matrix.row_component_stride;
}

// A row on the way down a matrix: the next one takes neither division nor product.
typedef struct {
  long position, wrap;
  int component;
} row_cursor;

INLINE row_cursor cursor_at(const layout matrix, const int row) {
  const long wrap = matrix.row_item_stride - matrix.row_components * matrix.row_component_stride;
  return (row_cursor){row_position(matrix, row), wrap, row % matrix.row_components};
}

INLINE void move_down(row_cursor* cursor, const layout matrix) {
  cursor->position += matrix.row_component_stride;
  cursor->component += 1;
  if (cursor->component == matrix.row_components) {
    cursor->position += cursor->wrap;
    cursor->component = 0;
  }
}

// The vector at `source`, of which only the first `live` lanes exist; the others are zero.
INLINE vector load_lanes(__global const real* source, const int live) {
  if (live >= VECTOR_WIDTH) return LOAD(source);
  real lanes[VECTOR_WIDTH];
  for (int lane = 0; lane < VECTOR_WIDTH; ++lane) lanes[lane] = lane < live ? source[lane] : 0;
  return LOAD(lanes);
}

INLINE void store_lanes(const vector value, __global real* destination, const int live) {
  if (live >= VECTOR_WIDTH) {
    STORE(value, destination);
    return;
  }
  real lanes[VECTOR_WIDTH];
  STORE(value, lanes);
  for (int lane = 0; lane < VECTOR_WIDTH; ++lane)
    if (lane < live) destination[lane] = lanes[lane];
}

