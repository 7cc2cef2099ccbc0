// Dense matrix products on devices whose work-items are loops on CPU cores.
//
// A work-item computes up to ROW_TILE rows times PANELS_PER_ITEM panels of columns; the rows of a
// product are shared evenly between the fewest items that can hold them, in whole steps. A panel is
// PANEL_WIDTH columns wide, VECTORS_PER_PANEL vectors. For each block of the depth and each panel
// the item copies that part of the second matrix to private memory, in the order in which it will
// be read (this is where a transposed second matrix is turned and where the scale is applied), and
// then sweeps down its rows, ROWS_PER_STEP at a time: the sums of a step stay in registers over
// the whole block, the panel stays in the first-level cache over the whole sweep. Between blocks
// of the depth, sums are kept in the result itself. No barriers, no local memory, and the order
// of the additions depends on the sizes alone.
//
// A first matrix whose depth is contiguous is read where it stands. Of one that is stored
// transposed (PACKS_FIRST) the item copies each block as well, step after step: its elements are
// far apart, often by a power of two, and would push each other out of the cache.
//
// The text before this one defines what `matrix_layout.cl` asks for and
//   VECTORS_PER_PANEL (1 or 2), ROWS_PER_STEP, ROW_TILE, PANELS_PER_ITEM, DEPTH_BLOCK, PACKS_FIRST
//   HAS_NARROW_PANEL                     whether the last panel may need one vector only
//   HAS_TURN                             whether there is a function `turn` for blocks of vectors
//   HAS_SEVERAL_PRODUCTS                 whether the launch computes more than one product
//
// A launch of one product has its panels along the first axis, its rows along the second, and along
// the third the matrices of its batch with the splits of their depth. A launch of several products has
// one axis, along which they follow each other, so that no item is idle and cores share them evenly.
// With more than one split, the result is a scratch buffer and `sum_splits` adds its parts.

#define PANEL_WIDTH (VECTOR_WIDTH * VECTORS_PER_PANEL)
#define STEPS ((ROW_TILE + ROWS_PER_STEP - 1) / ROWS_PER_STEP)
// Vectors are stored over the rows of a step and reach past the last.
#define STEP_LENGTH (DEPTH_BLOCK * ROWS_PER_STEP + VECTOR_WIDTH)
// Depth that is read at once from a column of a second matrix that is stored transposed.
#define TURN_BLOCK 16
// How far ahead rows of the second matrix are asked for: they are too far apart to be foreseen.
#define ROWS_AHEAD 16

// Results of more bytes are more than caches hold until they are read: they are written past them,
// without reading each line first.
#define STREAMED_BYTES (32 << 20)

// What a work-item computes: some rows and panels of a result of `column_count` columns.
typedef struct {
  layout matrix;
  int row_begin, row_end, panel_begin, panel_end, column_count;
  bool is_streamed;
} region;

// A block of the depth of one term, `items` long; whether it is the first or the last of all.
typedef struct {
  int items;
  bool starts, finishes;
} depth_block;

// Copies rows of the second matrix, `live` columns wide, to `panel`, one after the other, each
// `width` long; columns past the last are zero.
INLINE void pack_rows(
    real* panel, __global const real* second, const term t, const int items, const int width,
    const int live) {
  for (int item = 0; item < items; ++item) {
    for (int component = 0; component < DEPTH_COMPONENTS; ++component) {
      __global const real* source = second + item * t.second.row_item_stride
          + component * t.second.row_component_stride;
      PREFETCH(source + ROWS_AHEAD * t.second.row_item_stride);
      #pragma unroll
      for (int column = 0; column < width; column += VECTOR_WIDTH)
        STORE(t.scale * load_lanes(source + column, live - column), panel + column);
      panel += width;
    }
  }
}

// As `pack_rows` for a matrix that is stored transposed: reads along its columns.
INLINE void pack_columns(
    real* panel, __global const real* second, const term t, const int items, const int width,
    const int live) {
  for (int begin = 0; begin < items; begin += TURN_BLOCK) {
    const int end = min(items, begin + TURN_BLOCK);
    for (int column = 0; column < width; ++column) {
      __global const real* source = second + column * SECOND_COLUMN_STRIDE;
      for (int item = begin; item < end; ++item)
        for (int component = 0; component < DEPTH_COMPONENTS; ++component)
          panel[(item * DEPTH_COMPONENTS + component) * width + column] = column < live
              ? t.scale * source[item * t.second.row_item_stride
                                 + component * t.second.row_component_stride]
              : (real)0;
    }
  }
}

#if HAS_TURN
// As `pack_columns` for whole vectors of columns whose elements are contiguous: turns square blocks.
INLINE void pack_contiguous_columns(
    real* panel, __global const real* second, const term t, const int items, const int width) {
  for (int column = 0; column < width; column += VECTOR_WIDTH) {
    __global const real* source = second + column * SECOND_COLUMN_STRIDE;
    int item = 0;
    for (; item + VECTOR_WIDTH <= items; item += VECTOR_WIDTH) {
      vector block[VECTOR_WIDTH];
      #pragma unroll
      for (int c = 0; c < VECTOR_WIDTH; ++c) block[c] = LOAD(source + c * SECOND_COLUMN_STRIDE + item);
      turn(block);
      #pragma unroll
      for (int i = 0; i < VECTOR_WIDTH; ++i)
        STORE(t.scale * block[i], panel + (item + i) * width + column);
    }
    for (; item < items; ++item)
      for (int c = 0; c < VECTOR_WIDTH; ++c)
        panel[item * width + column + c] = t.scale * source[c * SECOND_COLUMN_STRIDE + item];
  }
}
#endif

// Copies a block of the first matrix to `steps`: for each step its rows, one depth after the
// other. Rows past the last are zero.
INLINE void pack_first(
    real* steps, __global const real* first, const term t, const int items, const region part) {
  for (int item = 0; item < items; ++item) {
    for (int component = 0; component < DEPTH_COMPONENTS; ++component) {
      __global const real* source = first + item * FIRST_DEPTH_STRIDE
          + component * t.first.column_component_stride;
      real* target = steps + (item * DEPTH_COMPONENTS + component) * ROWS_PER_STEP;
      for (int row = part.row_begin; row < part.row_end; row += ROWS_PER_STEP) {
        if (t.first.row_components == 1 && t.first.row_item_stride == 1) {
          #pragma unroll
          for (int i = 0; i < ROWS_PER_STEP; i += VECTOR_WIDTH)
            STORE(load_lanes(source + row + i, part.row_end - row - i), target + i);
        } else {
          for (int i = 0; i < ROWS_PER_STEP; ++i)
            target[i] =
                row + i < part.row_end ? source[row_position(t.first, row + i)] : (real)0;
        }
        target += STEP_LENGTH;
      }
    }
  }
}

// Adds the products of a block to the sums of a step; `vectors` of a panel are in use.
#if PACKS_FIRST
INLINE void multiply(
    vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL], const real* factors, const real* panel,
    const int vectors, const int length) {
  for (int place = 0; place < length; ++place) {
    vector columns[VECTORS_PER_PANEL];
    #pragma unroll
    for (int v = 0; v < vectors; ++v) columns[v] = LOAD(panel + v * VECTOR_WIDTH);
    #pragma unroll
    for (int i = 0; i < ROWS_PER_STEP; ++i) {
      const vector factor = (vector)(factors[i]);
      #pragma unroll
      for (int v = 0; v < vectors; ++v) sum[i][v] = fma(factor, columns[v], sum[i][v]);
    }
    panel += vectors * VECTOR_WIDTH;
    factors += ROWS_PER_STEP;
  }
}
#else
INLINE void multiply(
    vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL], __global const real* factors[ROWS_PER_STEP],
    const term t, const real* panel, const int vectors, const int items) {
  for (int item = 0; item < items; ++item) {
    for (int component = 0; component < DEPTH_COMPONENTS; ++component) {
      const long place =
          item * FIRST_DEPTH_STRIDE + component * t.first.column_component_stride;
      vector columns[VECTORS_PER_PANEL];
      #pragma unroll
      for (int v = 0; v < vectors; ++v) columns[v] = LOAD(panel + v * VECTOR_WIDTH);
      #pragma unroll
      for (int i = 0; i < ROWS_PER_STEP; ++i) {
        const vector factor = (vector)(factors[i][place]);
        #pragma unroll
        for (int v = 0; v < vectors; ++v) sum[i][v] = fma(factor, columns[v], sum[i][v]);
      }
      panel += vectors * VECTOR_WIDTH;
    }
  }
}
#endif

// How many items share the rows of a product, and how many its columns.
INLINE int tiles_down(const int rows) { return (rows + ROW_TILE - 1) / ROW_TILE; }
INLINE int tiles_across(const int columns) {
  return (columns + PANEL_WIDTH * PANELS_PER_ITEM - 1) / (PANEL_WIDTH * PANELS_PER_ITEM);
}

// The rows of a step; past the last row of the part, that one again.
INLINE void next_rows(
    long rows[ROWS_PER_STEP], row_cursor* cursor, const layout matrix, const int remaining) {
  if (remaining >= ROWS_PER_STEP) {
    #pragma unroll
    for (int i = 0; i < ROWS_PER_STEP; ++i) {
      rows[i] = cursor->position;
      move_down(cursor, matrix);
    }
  } else {
    for (int i = 0; i < ROWS_PER_STEP; ++i) {
      rows[i] = cursor->position;
      if (i + 1 < remaining) move_down(cursor, matrix);
    }
  }
}

// The sums that earlier blocks left in the result.
INLINE void load_sums(
    vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL], __global const real* result,
    const long rows[ROWS_PER_STEP], const int vectors, const int live) {
  #pragma unroll
  for (int i = 0; i < ROWS_PER_STEP; ++i) {
    #pragma unroll
    for (int v = 0; v < vectors; ++v)
      sum[i][v] = load_lanes(result + rows[i] + v * VECTOR_WIDTH, live - v * VECTOR_WIDTH);
  }
}

// Stores the sums of a step but those outside of the result, of which `remaining` rows exist.
INLINE void store_sums(
    const vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL], __global real* result,
    const long rows[ROWS_PER_STEP], const int remaining, const int vectors, const int live,
    const bool is_streamed) {
  if (remaining >= ROWS_PER_STEP && live >= vectors * VECTOR_WIDTH) {
    if (is_streamed) {
      #pragma unroll
      for (int i = 0; i < ROWS_PER_STEP; ++i)
        #pragma unroll
        for (int v = 0; v < vectors; ++v)
          STREAM(vector, sum[i][v], result + rows[i] + v * VECTOR_WIDTH);
      return;
    }
    #pragma unroll
    for (int i = 0; i < ROWS_PER_STEP; ++i)
      #pragma unroll
      for (int v = 0; v < vectors; ++v) STORE(sum[i][v], result + rows[i] + v * VECTOR_WIDTH);
    return;
  }
  real tile[ROWS_PER_STEP][VECTORS_PER_PANEL * VECTOR_WIDTH];
  #pragma unroll
  for (int i = 0; i < ROWS_PER_STEP; ++i)
    #pragma unroll
    for (int v = 0; v < vectors; ++v) STORE(sum[i][v], tile[i] + v * VECTOR_WIDTH);
  #pragma unroll 1
  for (int i = 0; i < min(ROWS_PER_STEP, remaining); ++i) {
    #pragma unroll 1
    for (int v = 0; v < vectors; ++v)
      store_lanes(
          LOAD(tile[i] + v * VECTOR_WIDTH), result + rows[i] + v * VECTOR_WIDTH,
          live - v * VECTOR_WIDTH);
  }
}

// Sweeps down the rows of one panel, of which `vectors` are in use.
INLINE void multiply_panel(
    __global const real* first, const real* steps, __global const real* second, real* panel,
    const term t, const depth_block block, __global real* result, const region part,
    const int vectors, const int live) {
  if (SECOND_COLUMN_STRIDE == 1)
    pack_rows(panel, second, t, block.items, vectors * VECTOR_WIDTH, live);
#if HAS_TURN
  else if (t.second.row_item_stride == 1 && live >= vectors * VECTOR_WIDTH)
    pack_contiguous_columns(panel, second, t, block.items, vectors * VECTOR_WIDTH);
#endif
  else
    pack_columns(panel, second, t, block.items, vectors * VECTOR_WIDTH, live);

  row_cursor target = cursor_at(part.matrix, part.row_begin);
#if !PACKS_FIRST
  row_cursor source = cursor_at(t.first, part.row_begin);
#endif
  for (int row = part.row_begin; row < part.row_end; row += ROWS_PER_STEP) {
    long targets[ROWS_PER_STEP];
    next_rows(targets, &target, part.matrix, part.row_end - row);
    vector sum[ROWS_PER_STEP][VECTORS_PER_PANEL];
    #pragma unroll
    for (int i = 0; i < ROWS_PER_STEP; ++i)
      #pragma unroll
      for (int v = 0; v < vectors; ++v) sum[i][v] = (vector)(0);
    if (!block.starts) load_sums(sum, result, targets, vectors, live);
#if PACKS_FIRST
    multiply(sum, steps, panel, vectors, block.items * DEPTH_COMPONENTS);
    steps += STEP_LENGTH;
#else
    long sources[ROWS_PER_STEP];
    next_rows(sources, &source, t.first, part.row_end - row);
    __global const real* factors[ROWS_PER_STEP];
    #pragma unroll
    for (int i = 0; i < ROWS_PER_STEP; ++i) factors[i] = first + sources[i];
    multiply(sum, factors, t, panel, vectors, block.items);
#endif
    if (block.finishes) {
      #pragma unroll
      for (int i = 0; i < ROWS_PER_STEP; ++i)
        #pragma unroll
        for (int v = 0; v < vectors; ++v) sum[i][v] = EPILOGUE(sum[i][v]);
    }
    store_sums(
        sum, result, targets, part.row_end - row, vectors, live,
        part.is_streamed && block.finishes);
  }
}

__kernel void matrix_product(
    __global const real* restrict first, __global const real* restrict second,
    __global real* restrict result SIZE_PARAMETERS) {
  __global const int* restrict entry = table;
  int across = get_global_id(0);
  int down = get_global_id(1);
#if HAS_SEVERAL_PRODUCTS
  // There are as many items as the products need: the row is found before the table ends.
  int place = across;
  int items = tiles_across(COLUMN_COUNT) * tiles_down(ROW_ITEMS * ROW_COMPONENTS);
  while (place >= items) {
    place -= items;
    entry += ENTRY_COUNT;
    items = tiles_across(COLUMN_COUNT) * tiles_down(ROW_ITEMS * ROW_COMPONENTS);
  }
  across = place % tiles_across(COLUMN_COUNT);
  down = place / tiles_across(COLUMN_COUNT);
#endif
  const term terms[TERM_COUNT] = {TERMS};
  const long batch = MATRIX / SPLITS;
  const long split = MATRIX % SPLITS;
  region part;
  part.matrix = RESULT;
  part.column_count = COLUMN_COUNT;
  const int rows = ROW_ITEMS * ROW_COMPONENTS;
  const int tiles = tiles_down(rows);
  const long steps_down = (rows + ROWS_PER_STEP - 1) / ROWS_PER_STEP;
  part.row_begin = (int)(steps_down * down / tiles) * ROWS_PER_STEP;
  part.row_end = min(rows, (int)(steps_down * (down + 1) / tiles) * ROWS_PER_STEP);
  part.panel_begin = across * PANELS_PER_ITEM;
  part.panel_end = min(
      (part.column_count + PANEL_WIDTH - 1) / PANEL_WIDTH, part.panel_begin + PANELS_PER_ITEM);
  if (part.row_begin >= part.row_end || part.panel_begin >= part.panel_end) return;

  result += part.matrix.offset + batch * part.matrix.batch_stride + split * SPLIT_STRIDE;
  part.is_streamed = (long)rows * part.column_count * (long)sizeof(real) > STREAMED_BYTES
      && (ulong)result % sizeof(vector) == 0
      && part.matrix.row_item_stride % VECTOR_WIDTH == 0
      && part.matrix.row_component_stride % VECTOR_WIDTH == 0;
  real panel[DEPTH_BLOCK * PANEL_WIDTH] __attribute__((aligned(64)));
#if PACKS_FIRST
  real steps[STEPS * STEP_LENGTH] __attribute__((aligned(64)));
#else
  const real* steps = 0;
#endif

  bool starts = !ACCUMULATES;
  for (int index = 0; index < TERM_COUNT; ++index) {
    const term t = terms[index];
    if (t.depth_items == 0 && index + 1 < TERM_COUNT) continue;
    const int begin = t.depth_items * split / SPLITS;
    const int end = t.depth_items * (split + 1) / SPLITS;
    int item = begin;
    // The last term writes its sum even if its depth is empty: zero, if all are.
    do {
      depth_block block;
      block.items = min(DEPTH_BLOCK / DEPTH_COMPONENTS, end - item);
      block.starts = starts;
      starts = false;
      block.finishes = index == TERM_COUNT - 1 && item + block.items == end;
      __global const real* first_block =
          first + t.first.offset + batch * t.first.batch_stride + item * FIRST_DEPTH_STRIDE;
      __global const real* second_block = second + t.second.offset
          + batch * t.second.batch_stride + item * t.second.row_item_stride;
#if PACKS_FIRST
      pack_first(steps, first_block, t, block.items, part);
#endif
      for (int p = part.panel_begin; p < part.panel_end; ++p) {
        const int column = p * PANEL_WIDTH;
        const int live = part.column_count - column;
        __global const real* columns = second_block + column * SECOND_COLUMN_STRIDE;
        if (!HAS_NARROW_PANEL || live > PANEL_WIDTH - VECTOR_WIDTH) {
          multiply_panel(
              first_block, steps, columns, panel, t, block, result + column, part,
              VECTORS_PER_PANEL, live);
        } else {
          multiply_panel(
              first_block, steps, columns, panel, t, block, result + column, part, 1, live);
        }
      }
      item += block.items;
    } while (item < end);
  }
}
