// Dense matrix products on devices whose work-items are loops on CPU cores.
//
//   result[b, r, c] (+)= sum over terms, d of first[b, r, d] * (scale * second[b, d, c])
//
// A work-item computes ROW_TILE rows times PANELS_PER_ITEM panels of columns. A panel is
// PANEL_WIDTH columns wide, VECTORS_PER_PANEL vectors. For each block of the depth and each panel
// the item copies that part of the second matrix to private memory, in the order in which it will
// be read (this is where a transposed second matrix is turned and where the scale is applied), and
// then sweeps down its rows, ROWS_PER_STEP at a time: the accumulators of a step stay in
// registers over the whole block, the panel stays in the first-level cache over the whole sweep.
// Between blocks of the depth, sums are kept in the result itself. No barriers, no local memory,
// and the order of the additions depends on the sizes alone.
//
// The text before this one defines what `matrix_layout.cl` asks for and
//   VECTORS_PER_PANEL (1 or 2), ROWS_PER_STEP, ROW_TILE, PANELS_PER_ITEM, DEPTH_BLOCK
//   FOR_EACH_TERM(action), TERM_COUNT    action(index, depth, first, second, scale) for each term
//   SPLITS, SPLIT_STRIDE                 into how many parts the depth is split, and how far
//                                        their results stand apart
//
// With more than one split, the result is a scratch buffer and `sum_splits` adds its parts.

#define PANEL_WIDTH (VECTOR_WIDTH * VECTORS_PER_PANEL)

// What a work-item computes: some rows and panels of a result of `column_count` columns.
typedef struct {
  layout matrix;
  long batch;
  int row_begin, row_end, panel_begin, panel_end, column_count;
} region;

// Copies a block of the second matrix, `count` items deep and `live` columns wide, to `panel`,
// row after row of `width` columns; columns past the last are zero.
INLINE void pack_panel(
    real* panel, __global const real* second, const layout matrix, const axis depth,
    const int count, const int width, const int live, const real scale) {
  for (int item = 0; item < count; ++item) {
    for (int component = 0; component < depth.components; ++component) {
      __global const real* source = second + item * matrix.row_item_stride
          + component * matrix.row_component_stride;
      if (matrix.column_item_stride == 1) {
        #pragma unroll
        for (int v = 0; v < width; v += VECTOR_WIDTH)
          STORE(scale * load_columns(source + v, live - v), panel + v);
      } else {
        #pragma unroll
        for (int column = 0; column < width; ++column)
          panel[column] =
              column < live ? scale * source[column * matrix.column_item_stride] : (real)0;
      }
      panel += width;
    }
  }
}

// Adds the products of one block of the depth to ROWS_PER_STEP rows of one panel of the result.
INLINE void multiply_step(
    __global const real* first, const layout matrix, const axis depth, const int count,
    const real* panel, const int vectors, __global real* result, const region part,
    const int row, const int live, const bool starts, const bool finishes) {
  vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL];
  __global const real* factors[ROWS_PER_STEP];
  __global real* sums[ROWS_PER_STEP];
  #pragma unroll
  for (int i = 0; i < ROWS_PER_STEP; ++i) {
    const int at = min(row + i, part.row_end - 1);
    factors[i] = first + row_position(matrix, at);
    sums[i] = result + row_position(part.matrix, at);
    #pragma unroll
    for (int v = 0; v < vectors; ++v)
      sum[i][v] = starts ? (vector)(0)
                         : load_columns(sums[i] + v * VECTOR_WIDTH, live - v * VECTOR_WIDTH);
  }
  for (int item = 0; item < count; ++item) {
    for (int component = 0; component < depth.components; ++component) {
      const long place =
          item * matrix.column_item_stride + component * matrix.column_component_stride;
      vector columns[VECTORS_PER_PANEL];
      #pragma unroll
      for (int v = 0; v < vectors; ++v) columns[v] = LOAD(panel + v * VECTOR_WIDTH);
      panel += vectors * VECTOR_WIDTH;
      #pragma unroll
      for (int i = 0; i < ROWS_PER_STEP; ++i) {
        const vector factor = (vector)(factors[i][place]);
        #pragma unroll
        for (int v = 0; v < vectors; ++v) sum[i][v] = fma(factor, columns[v], sum[i][v]);
      }
    }
  }
  #pragma unroll
  for (int i = 0; i < ROWS_PER_STEP; ++i) {
    if (row + i < part.row_end) {
      #pragma unroll
      for (int v = 0; v < vectors; ++v) {
        const vector value = finishes ? EPILOGUE(sum[i][v]) : sum[i][v];
        store_columns(value, sums[i] + v * VECTOR_WIDTH, live - v * VECTOR_WIDTH);
      }
    }
  }
}

INLINE void multiply_panel(
    __global const real* first, const layout first_matrix, __global const real* second,
    const layout second_matrix, const axis depth, const int count, const real scale,
    const int vectors, real* panel, __global real* result, const region part, const int live,
    const bool starts, const bool finishes) {
  pack_panel(panel, second, second_matrix, depth, count, vectors * VECTOR_WIDTH, live, scale);
  for (int row = part.row_begin; row < part.row_end; row += ROWS_PER_STEP)
    multiply_step(
        first, first_matrix, depth, count, panel, vectors, result, part, row, live, starts,
        finishes);
}

// One term over items `begin ..< end` of its depth. An empty range still writes the result.
INLINE void add_term(
    __global const real* first, const layout first_matrix, __global const real* second,
    const layout second_matrix, const axis depth, const int begin, const int end, const real scale,
    real* panel, __global real* result, const region part, const bool starts,
    const bool finishes) {
  first += first_matrix.offset + part.batch * first_matrix.batch_stride;
  second += second_matrix.offset + part.batch * second_matrix.batch_stride;
  int block = begin;
  do {
    const int count = min(DEPTH_BLOCK / depth.components, end - block);
    const bool starts_here = starts && block == begin;
    const bool finishes_here = finishes && block + count == end;
    __global const real* first_block = first + block * first_matrix.column_item_stride;
    __global const real* second_block = second + block * second_matrix.row_item_stride;
    for (int p = part.panel_begin; p < part.panel_end; ++p) {
      const int column = p * PANEL_WIDTH;
      const int live = part.column_count - column;
      __global const real* columns = second_block + column * second_matrix.column_item_stride;
      if (live > PANEL_WIDTH - VECTOR_WIDTH) {
        multiply_panel(
            first_block, first_matrix, columns, second_matrix, depth, count, scale,
            VECTORS_PER_PANEL, panel, result + column, part, live, starts_here, finishes_here);
      } else {
        multiply_panel(
            first_block, first_matrix, columns, second_matrix, depth, count, scale, 1, panel,
            result + column, part, live, starts_here, finishes_here);
      }
    }
    block += count;
  } while (block < end);
}

__kernel void matrix_product(
    __global const real* restrict first, __global const real* restrict second,
    __global real* restrict result SIZE_PARAMETERS) {
  SIZE_VALUES
  const int panel_count = (COLUMN_COUNT + PANEL_WIDTH - 1) / PANEL_WIDTH;
  const int split = get_global_id(2) % SPLITS;
  region part;
  part.matrix = RESULT;
  part.batch = get_global_id(2) / SPLITS;
  part.row_begin = get_global_id(1) * ROW_TILE;
  part.row_end = min((int)ROW_COUNT, part.row_begin + ROW_TILE);
  part.panel_begin = get_global_id(0) * PANELS_PER_ITEM;
  part.panel_end = min(panel_count, part.panel_begin + PANELS_PER_ITEM);
  part.column_count = COLUMN_COUNT;
  if (part.row_begin >= part.row_end) return;

  real panel[DEPTH_BLOCK * PANEL_WIDTH] __attribute__((aligned(64)));
  __global real* part_result = result + part.matrix.offset
      + part.batch * part.matrix.batch_stride + split * SPLIT_STRIDE;
#define ADD_TERM(index, depth, first_matrix, second_matrix, scale)                              \
  add_term(                                                                                     \
      first, first_matrix, second, second_matrix, depth, (long)depth.items * split / SPLITS,    \
      (long)depth.items * (split + 1) / SPLITS, scale, panel, part_result, part,                \
      index == 0 && !ACCUMULATES, index == TERM_COUNT - 1);
  FOR_EACH_TERM(ADD_TERM)
}
