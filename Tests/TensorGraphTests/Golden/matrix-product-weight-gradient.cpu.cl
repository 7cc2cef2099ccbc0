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
#define COLUMN_COUNT size1
#define DEPTH_COMPONENTS 3
#define SPLITS size2
#define SPLIT_STRIDE size3
#define RESULT ((layout){size4, 0, size5, 0, 1, 0, 1})
#define TERM_COUNT 1
#define TERMS {size6, {size7, 0, 1, 0, size8, size9, 1}, {size10, 0, size11, size12, 1, 0, size13}, size14}
#define FIRST_DEPTH_STRIDE t.first.column_item_stride
#define SECOND_COLUMN_STRIDE 1
#define ACCUMULATES 0
#define EPILOGUE(value) (value)
#define SIZE_PARAMETERS , const int size0, const int size1, const int size2, const int size3, const int size4, const int size5, const int size6, const int size7, const int size8, const int size9, const int size10, const int size11, const int size12, const int size13, const real size14

// sizes: 9, 12, 16, 108, 0, 12, items, 10, 57, 9, 5, 41, 12, 3
