#define VECTORS_PER_PANEL 2
#define ROWS_PER_STEP 6
#define ROW_TILE 96
#define PANELS_PER_ITEM 8
#define DEPTH_BLOCK 256
#define PACKS_FIRST 1
#define HAS_NARROW_PANEL 0
#define real float
#define vector float8
#define VECTOR_WIDTH 8
#define LOAD(pointer) vload8(0, pointer)
#define STORE(value, pointer) vstore8(value, 0, pointer)
#define ROW_ITEMS size0
#define ROW_COMPONENTS 1
#define COLUMN_COUNT entry[0]
#define DEPTH_COMPONENTS 3
#define SPLITS entry[1]
#define SPLIT_STRIDE entry[2]
#define RESULT ((layout){entry[3], 0, entry[4], 0, 1, 0, 1})
#define TERM_COUNT 1
#define TERMS {size1, {entry[5], 0, 1, 0, entry[6], entry[7], 1}, {entry[8], 0, entry[9], entry[10], 1, 0, entry[11]}, as_float(entry[12])}
#define FIRST_DEPTH_STRIDE t.first.column_item_stride
#define SECOND_COLUMN_STRIDE 1
#define ACCUMULATES 0
#define EPILOGUE(value) (value)
#define HAS_TURN 0
#define HAS_SEVERAL_PRODUCTS 0
#define MATRIX get_global_id(2)
#define ENTRY_COUNT 13
#define SIZE_PARAMETERS , __global const int* restrict table, const int size0, const int size1

// sizes: 9, items
