// Dense matrix products on devices whose work-items are lanes: GPUs.
//
//   result[b, r, c] (+)= sum over terms, d of first[b, r, d] * (scale * second[b, d, c])
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
//   FOR_EACH_TERM(action)                action(index, depth, first, second, scale) for each term
//   SPLITS, SPLIT_STRIDE                 into how many parts the depth is split, and how far
//                                        their results stand apart

#define TILE_EDGE (GROUP_EDGE * ITEM_EDGE)
#define GROUP_ITEMS (GROUP_EDGE * GROUP_EDGE)

INLINE long column_position(const layout matrix, const axis depth, const int column) {
  return (long)(column / depth.components) * matrix.column_item_stride
      + (column % depth.components) * matrix.column_component_stride;
}

INLINE long depth_row_position(const layout matrix, const axis depth, const int row) {
  return (long)(row / depth.components) * matrix.row_item_stride
      + (row % depth.components) * matrix.row_component_stride;
}

INLINE void add_term(
    __global const real* first, const layout first_matrix, __global const real* second,
    const layout second_matrix, const axis depth, const int begin, const int end, const real scale,
    const int row_count, const int column_count, real sum[ITEM_EDGE][ITEM_EDGE],
    __local real first_tile[DEPTH_BLOCK][TILE_EDGE + 1],
    __local real second_tile[DEPTH_BLOCK][TILE_EDGE + 1]) {
  const int item = get_local_id(1) * GROUP_EDGE + get_local_id(0);
  const int tile_row = get_group_id(1) * TILE_EDGE;
  const int tile_column = get_group_id(0) * TILE_EDGE;
  const bool first_reads_along_depth = first_matrix.column_item_stride == 1;
  const bool second_reads_along_depth = second_matrix.column_item_stride != 1;
  for (int block = begin; block < end; block += DEPTH_BLOCK) {
    for (int element = item; element < TILE_EDGE * DEPTH_BLOCK; element += GROUP_ITEMS) {
      const int slow_depth = element / TILE_EDGE, fast_line = element % TILE_EDGE;
      const int slow_line = element / DEPTH_BLOCK, fast_depth = element % DEPTH_BLOCK;
      const int line = first_reads_along_depth ? slow_line : fast_line;
      const int place = first_reads_along_depth ? fast_depth : slow_depth;
      const bool inside = tile_row + line < row_count && block + place < end;
      first_tile[place][line] = inside
          ? first[row_position(first_matrix, tile_row + line)
                  + column_position(first_matrix, depth, block + place)]
          : (real)0;
    }
    for (int element = item; element < TILE_EDGE * DEPTH_BLOCK; element += GROUP_ITEMS) {
      const int slow_depth = element / TILE_EDGE, fast_line = element % TILE_EDGE;
      const int slow_line = element / DEPTH_BLOCK, fast_depth = element % DEPTH_BLOCK;
      const int line = second_reads_along_depth ? slow_line : fast_line;
      const int place = second_reads_along_depth ? fast_depth : slow_depth;
      const bool inside = tile_column + line < column_count && block + place < end;
      second_tile[place][line] = inside
          ? scale * second[depth_row_position(second_matrix, depth, block + place)
                           + (tile_column + line) * second_matrix.column_item_stride]
          : (real)0;
    }
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

__kernel __attribute__((reqd_work_group_size(GROUP_EDGE, GROUP_EDGE, 1)))
void matrix_product_tiled(
    __global const real* restrict first, __global const real* restrict second,
    __global real* restrict result SIZE_PARAMETERS) {
  SIZE_VALUES
  __local real first_tile[DEPTH_BLOCK][TILE_EDGE + 1];
  __local real second_tile[DEPTH_BLOCK][TILE_EDGE + 1];
  real sum[ITEM_EDGE][ITEM_EDGE];
  #pragma unroll
  for (int i = 0; i < ITEM_EDGE; ++i)
    #pragma unroll
    for (int j = 0; j < ITEM_EDGE; ++j) sum[i][j] = 0;

  const long batch = get_global_id(2) / SPLITS;
  const int split = get_global_id(2) % SPLITS;
#define ADD_TERM(index, depth, first_matrix, second_matrix, scale)                              \
  add_term(                                                                                     \
      first + first_matrix.offset + batch * first_matrix.batch_stride, first_matrix,            \
      second + second_matrix.offset + batch * second_matrix.batch_stride, second_matrix, depth, \
      (long)depth.items * depth.components * split / SPLITS,                                    \
      (long)depth.items * depth.components * (split + 1) / SPLITS, scale, ROW_COUNT,            \
      COLUMN_COUNT, sum, first_tile, second_tile);
  FOR_EACH_TERM(ADD_TERM)

  const layout matrix = RESULT;
  result += matrix.offset + batch * matrix.batch_stride + split * SPLIT_STRIDE;
  for (int i = 0; i < ITEM_EDGE; ++i) {
    const int row = get_group_id(1) * TILE_EDGE + get_local_id(1) + i * GROUP_EDGE;
    for (int j = 0; j < ITEM_EDGE; ++j) {
      const int column = get_group_id(0) * TILE_EDGE + get_local_id(0) + j * GROUP_EDGE;
      if (row < ROW_COUNT && column < COLUMN_COUNT) {
        __global real* target = result + row_position(matrix, row) + column;
        *target = EPILOGUE((ACCUMULATES ? *target : (real)0) + sum[i][j]);
      }
    }
  }
}
