#define VECTORS_PER_PANEL 2
#define ROWS_PER_STEP 6
#define ROW_TILE 96
#define PANELS_PER_ITEM 2
#define DEPTH_BLOCK 512
#define PACKS_FIRST 0
#define HAS_NARROW_PANEL 0
#define real float
#define vector float8
#define VECTOR_WIDTH 8
#define LOAD(pointer) vload8(0, pointer)
#define STORE(value, pointer) vstore8(value, 0, pointer)
#define ROW_ITEMS size0
#define ROW_COMPONENTS size1
#define COLUMN_COUNT size2
#define DEPTH_COMPONENTS 1
#define SPLITS 1
#define SPLIT_STRIDE 0
#define RESULT ((layout){size3, 0, size4, size5, 1, 0, size6})
#define TERM_COUNT 1
#define TERMS {size7, {size8, 0, size9, size10, 1, 0, size11}, {size12, 0, size13, 0, 1, 0, 1}, size14}
#define FIRST_DEPTH_STRIDE 1
#define SECOND_COLUMN_STRIDE 1
#define ACCUMULATES 0
#define EPILOGUE(value) (value)
#define SIZE_PARAMETERS , const int size0, const int size1, const int size2, const int size3, const int size4, const int size5, const int size6, const int size7, const int size8, const int size9, const int size10, const int size11, const int size12, const int size13, const real size14

// sizes: items, 3, 12, 5, 41, 12, 3, 9, 10, 57, 9, 3, 100, 12
