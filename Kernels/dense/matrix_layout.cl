// What the kernels of matrix products share: where elements stand, and vectors of columns.
//
// The rows of a product, and the depth of each of its terms, are pairs (item, component): an axis
// of length items * components of which each level has its own stride. Plain matrices have one
// component.
//
// The text before this one defines
//   real, vector, VECTOR_WIDTH           the element type, vectors of it
//   LOAD(pointer), STORE(value, pointer) vectors in memory
//   SIZE_PARAMETERS, SIZE_VALUES         kernel parameters of the sizes, and their 64-bit copies
//   ROW_COUNT, ROW_COMPONENTS, COLUMN_COUNT
//   RESULT                               layout of the result
//   ACCUMULATES, EPILOGUE(value)         whether the result's old value is added to the new one,
//                                        and what is done to the sum

#define INLINE static inline __attribute__((always_inline))

// Where the element (row, column) of a matrix stands: offset + row and column times strides.
typedef struct {
  long offset, batch_stride;
  long row_item_stride, row_component_stride;
  long column_item_stride, column_component_stride;
} layout;

typedef struct {
  int items, components;
} axis;

INLINE long row_position(const layout matrix, const int row) {
  return (long)(row / ROW_COMPONENTS) * matrix.row_item_stride
      + (row % ROW_COMPONENTS) * matrix.row_component_stride;
}

INLINE vector load_columns(__global const real* source, const int live) {
  if (live >= VECTOR_WIDTH) return LOAD(source);
  real lanes[VECTOR_WIDTH];
  for (int lane = 0; lane < VECTOR_WIDTH; ++lane) lanes[lane] = lane < live ? source[lane] : 0;
  return LOAD(lanes);
}

INLINE void store_columns(const vector value, __global real* destination, const int live) {
  if (live >= VECTOR_WIDTH) {
    STORE(value, destination);
    return;
  }
  real lanes[VECTOR_WIDTH];
  STORE(value, lanes);
  for (int lane = 0; lane < live; ++lane) destination[lane] = lanes[lane];
}
