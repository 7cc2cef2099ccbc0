// What the kernels of the neighbour search share. Options of the build define
//   SEARCHES_IN_DOUBLE   whether edges are decided on in double precision, else in single
//   LANES                atoms that a work-item tests at once: 1 on GPUs, 8 on CPUs
//   SHORT_ROW            the most edges of an atom that a work-item sorts in its private memory
//   edge_real            the type of the vectors and lengths handed out

#define INLINE static inline __attribute__((always_inline))
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#if SEARCHES_IN_DOUBLE
typedef double real;
typedef double4 real4;
#define CONVERT_FLOAT4(vector) convert_float4(vector)
#else
typedef float real;
typedef float4 real4;
#define CONVERT_FLOAT4(vector) (vector)
#endif

#if LANES == 1
typedef float float_lanes;
typedef int int_lanes;
#define LOAD_LANES(source) (*(source))
#define LANE_NUMBERS 0
#define IS_TRUE(mask, lane) (mask)
#define EACH_LANE(action) action(0)
#else
typedef float8 float_lanes;
typedef int8 int_lanes;
#define LOAD_LANES(source) vload8(0, source)
#define LANE_NUMBERS (int8)(0, 1, 2, 3, 4, 5, 6, 7)
#define IS_TRUE(mask, lane) (-(mask).s##lane)
#define EACH_LANE(action) \
  action(0) action(1) action(2) action(3) action(4) action(5) action(6) action(7)
#endif

// The basis of one structure: its vectors, row by row, the rows that give coordinates, and the
// coordinates' bins. Squared lengths for a screening in single precision: what seems to be shorter
// than `near_squared` is within the cutoff, what seems to be longer than `far_squared` is not, and
// what seems to be longer than `apart_squared` is not at the same point.
typedef struct {
  real basis[9];
  real inverse[9];
  real origin[3];
  real bins_per_unit[3];
  real near_squared, far_squared, apart_squared;
} frame;

// The bins of one structure: their numbers, and how many bins away a neighbour may be. `transform`
// leads from images in the basis to images in the cell.
typedef struct {
  int bins[3];
  int reach[3];
  int periodic[3];
  int transform[9];
  int first_bin;
  int is_original;
} grid;

// The translation by a whole number of basis vectors. It is odd in the image bit by bit, so that
// an edge and its reverse have the same length.
INLINE real translation(global const frame* f, const int x, const int y, const int z,
    const int component) {
  return fma((real)z, f->basis[6 + component],
      fma((real)y, f->basis[3 + component], (real)x * f->basis[component]));
}

// Three image numbers in one, in lexicographic order. Each is at most 511 in size.
INLINE int packed_image(const int x, const int y, const int z) {
  return (x + 512) << 20 | (y + 512) << 10 | (z + 512);
}

INLINE int3 unpacked_image(const int code) {
  return (int3)((code >> 20) - 512, ((code >> 10) & 1023) - 512, (code & 1023) - 512);
}

// From images in the basis to images in the structure's own cell.
INLINE int3 image_in_cell(global const grid* g, const int3 image) {
  global const int* m = g->transform;
  return (int3)(image.x * m[0] + image.y * m[3] + image.z * m[6],
      image.x * m[1] + image.y * m[4] + image.z * m[7],
      image.x * m[2] + image.y * m[5] + image.z * m[8]);
}

INLINE int floor_quotient(const int a, const int b) {
  if (a >= 0 && a < b) return 0;
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}
