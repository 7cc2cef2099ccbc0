// Dense matrix products on devices whose work-items are lanes: GPUs.
//
// A work-group of GROUP_EDGE x GROUP_EDGE items computes a square tile of the result, TILE_EDGE
// wide: block after block of the depth, the items copy TILE_EDGE x DEPTH_BLOCK elements of each
// matrix to local memory and then add the block's products to ITEM_EDGE x ITEM_EDGE sums in
// registers. An item's rows and columns are GROUP_EDGE apart, so that neighbouring items touch
// neighbouring elements. Elements outside of the matrices are read as zero, and every item of a
// group passes every barrier: the global size is a multiple of the group's.
//
// The text before this one defines what `matrix_layout.cl` asks for and
//   GROUP_EDGE, ITEM_EDGE, DEPTH_BLOCK
//
// With more than one split, the result is a scratch buffer and `sum_splits` adds its parts.

#define TILE_EDGE (GROUP_EDGE * ITEM_EDGE)
#define GROUP_ITEMS (GROUP_EDGE * GROUP_EDGE)

// Copies a block of the depth of TILE_EDGE lines (rows of the first matrix, columns of the
// second) to `tile`. Neighbouring items read along the depth or across the lines, whichever is
// contiguous.
#define COPY_TILE(tile, reads_along_depth, first_line, line_count, element_at)                  \
  for (int copied = item; copied < TILE_EDGE * DEPTH_BLOCK; copied += GROUP_ITEMS) {             \
    const int line = reads_along_depth ? copied / DEPTH_BLOCK : copied % TILE_EDGE;              \
    const int place = reads_along_depth ? copied % DEPTH_BLOCK : copied / TILE_EDGE;             \
    const int depth_item = (block + place) / DEPTH_COMPONENTS;                                   \
    const int depth_component = (block + place) % DEPTH_COMPONENTS;                              \
    const bool inside = first_line + line < line_count && block + place < end;                   \
    tile[place][line] = inside ? element_at : (real)0;                                           \
  }

__kernel __attribute__((reqd_work_group_size(GROUP_EDGE, GROUP_EDGE, 1)))
void matrix_product_tiled(
    __global const real* restrict first, __global const real* restrict second,
    __global real* restrict result SIZE_PARAMETERS) {
  __local real first_tile[DEPTH_BLOCK][TILE_EDGE + 1];
  __local real second_tile[DEPTH_BLOCK][TILE_EDGE + 1];
  __global const int* restrict entry = table;
  const int item = get_local_id(1) * GROUP_EDGE + get_local_id(0);
  const int tile_column = get_group_id(0) * TILE_EDGE;
  const int tile_row = get_group_id(1) * TILE_EDGE;
  const int row_count = ROW_ITEMS * ROW_COMPONENTS;
  const long batch = MATRIX / SPLITS;
  const long split = MATRIX % SPLITS;

  real sum[ITEM_EDGE][ITEM_EDGE];
  #pragma unroll
  for (int i = 0; i < ITEM_EDGE; ++i)
    #pragma unroll
    for (int j = 0; j < ITEM_EDGE; ++j) sum[i][j] = 0;

  const term terms[TERM_COUNT] = {TERMS};
  for (int index = 0; index < TERM_COUNT; ++index) {
    const term t = terms[index];
    __global const real* a = first + t.first.offset + batch * t.first.batch_stride;
    __global const real* b = second + t.second.offset + batch * t.second.batch_stride;
    const int end = t.depth_items * (split + 1) / SPLITS * DEPTH_COMPONENTS;
    for (int block = t.depth_items * split / SPLITS * DEPTH_COMPONENTS; block < end;
         block += DEPTH_BLOCK) {
      COPY_TILE(
          first_tile, FIRST_DEPTH_STRIDE == 1, tile_row, row_count,
          a[row_position(t.first, tile_row + line) + depth_item * FIRST_DEPTH_STRIDE
            + depth_component * t.first.column_component_stride])
      COPY_TILE(
          second_tile, SECOND_COLUMN_STRIDE != 1, tile_column, COLUMN_COUNT,
          t.scale * b[depth_item * t.second.row_item_stride
                      + depth_component * t.second.row_component_stride
                      + (tile_column + line) * SECOND_COLUMN_STRIDE])
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int place = 0; place < DEPTH_BLOCK; ++place) {
        real columns[ITEM_EDGE];
        #pragma unroll
        for (int j = 0; j < ITEM_EDGE; ++j)
          columns[j] = second_tile[place][get_local_id(0) + j * GROUP_EDGE];
        #pragma unroll
        for (int i = 0; i < ITEM_EDGE; ++i) {
          const real factor = first_tile[place][get_local_id(1) + i * GROUP_EDGE];
          #pragma unroll
          for (int j = 0; j < ITEM_EDGE; ++j) sum[i][j] = fma(factor, columns[j], sum[i][j]);
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
  }

  const layout matrix = RESULT;
  result += matrix.offset + batch * matrix.batch_stride + split * SPLIT_STRIDE;
  #pragma unroll
  for (int i = 0; i < ITEM_EDGE; ++i) {
    const int row = tile_row + get_local_id(1) + i * GROUP_EDGE;
    #pragma unroll
    for (int j = 0; j < ITEM_EDGE; ++j) {
      const int column = tile_column + get_local_id(0) + j * GROUP_EDGE;
      if (row < row_count && column < COLUMN_COUNT) {
        __global real* target = result + row_position(matrix, row) + column;
        const real value = (ACCUMULATES ? *target : (real)0) + sum[i][j];
        *target = EPILOGUE(value);
      }
    }
  }
}
