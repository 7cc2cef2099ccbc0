#define VECTORS_PER_PANEL 2
#define ROWS_PER_STEP 6
#define ROW_TILE 384
#define PANELS_PER_ITEM 1
#define DEPTH_BLOCK 512
#define PACKS_FIRST 0
#define HAS_NARROW_PANEL 0
#define real float
#define vector float8
#define VECTOR_WIDTH 8
#define LOAD(pointer) vload8(0, pointer)
#define STORE(value, pointer) vstore8(value, 0, pointer)
#define ROW_ITEMS size0
#define ROW_COMPONENTS entry[0]
#define COLUMN_COUNT entry[1]
#define DEPTH_COMPONENTS 1
#define SPLITS 1
#define SPLIT_STRIDE 0
#define RESULT ((layout){entry[2], 0, entry[3], entry[4], 1, 0, entry[5]})
#define TERM_COUNT 1
#define TERMS {entry[6], {entry[7], 0, entry[8], entry[9], 1, 0, entry[10]}, {entry[11], 0, entry[12], 0, 1, 0, 1}, as_float(entry[13])}
#define FIRST_DEPTH_STRIDE 1
#define SECOND_COLUMN_STRIDE 1
#define ACCUMULATES 0
#define EPILOGUE(value) (value)
#define HAS_TURN 0
#define HAS_SEVERAL_PRODUCTS 0
#define MATRIX get_global_id(2)
#define ENTRY_COUNT 14
#define SIZE_PARAMETERS , __global const int* restrict table, const int size0

// sizes: items
