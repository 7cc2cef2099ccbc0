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
#define ROW_COMPONENTS 3
#define COLUMN_COUNT size1
#define DEPTH_COMPONENTS 1
#define SPLITS 1
#define SPLIT_STRIDE 0
#define RESULT ((layout){size2, 0, size3, size4, 1, 0})
#define TERM_COUNT 1
#define TERMS {size5, {size6, 0, size7, size8, 1, 0}, {size9, 0, size10, 0, 1, 0}, 0.33333334f}
#define FIRST_DEPTH_STRIDE 1
#define SECOND_COLUMN_STRIDE 1
#define ACCUMULATES 0
#define EPILOGUE(value) (value)
#define SIZE_PARAMETERS , const int size0, const int size1, const int size2, const int size3, const int size4, const int size5, const int size6, const int size7, const int size8, const int size9, const int size10

// sizes: items, 12, 5, 41, 12, 9, 10, 57, 9, 100, 12
