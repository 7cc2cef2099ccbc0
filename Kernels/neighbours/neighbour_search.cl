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
#define LANES_KERNEL kernel
#else
typedef float8 float_lanes;
typedef int8 int_lanes;
#define LOAD_LANES(source) vload8(0, source)
#define LANE_NUMBERS (int8)(0, 1, 2, 3, 4, 5, 6, 7)
#define IS_TRUE(mask, lane) (-(mask).s##lane)
#define EACH_LANE(action) \
  action(0) action(1) action(2) action(3) action(4) action(5) action(6) action(7)
// The hint keeps compilers that would make vectors of neighbouring work-items from doing so.
#define LANES_KERNEL kernel __attribute__((vec_type_hint(float8)))
#endif

// The basis of one structure: its vectors, row by row, the rows that give coordinates, and the
// number of slabs that space is cut into along a unit of a coordinate. Squared lengths for a
// screening in single precision: what seems to be shorter than `near_squared` is within the cutoff,
// what seems to be longer than `far_squared` is not, and what seems to be longer than
// `apart_squared` is not at the same point.
typedef struct {
  real basis[9];
  real inverse[9];
  real slabs_per_unit[3];
  real near_squared, far_squared, apart_squared;
} frame;

// The bins of one structure: along each axis their number, the number of slabs in a cell (a
// multiple, or 0 where the axis does not repeat; slab k is in bin k mod bins), and how many slabs
// away a neighbour may be. `transform` leads from images in the basis to images in the cell.
typedef struct {
  int bins[3];
  int slabs[3];
  int reach[3];
  int transform[9];
  int first_bin;
  int is_original;
} grid;

// The translation by a whole number of basis vectors. It is odd in the image bit by bit, so that
// an edge and its reverse have the same length; most edges stay in the cell.
INLINE real4 translation(global const frame* f, const int3 image) {
  real4 sum = 0;
  if ((image.x | image.y | image.z) != 0) {
    const real x = image.x, y = image.y, z = image.z;
    global const real* v = f->basis;
    sum.x = fma(z, v[6], fma(y, v[3], x * v[0]));
    sum.y = fma(z, v[7], fma(y, v[4], x * v[1]));
    sum.z = fma(z, v[8], fma(y, v[5], x * v[2]));
  }
  return sum;
}

// Three image numbers in one, in lexicographic order. Each is at most 511 in size.
INLINE int packed_image(const int3 image) {
  return (image.x + 512) << 20 | (image.y + 512) << 10 | (image.z + 512);
}

INLINE int3 unpacked_image(const int code) {
  return (int3)((code >> 20) - 512, ((code >> 10) & 1023) - 512, (code & 1023) - 512);
}

// From images in the basis to images in the structure's own cell.
INLINE int3 image_in_cell(global const grid* g, const int3 image) {
  if (g->is_original) return image;
  global const int* m = g->transform;
  return (int3)(image.x * m[0] + image.y * m[3] + image.z * m[6],
      image.x * m[1] + image.y * m[4] + image.z * m[7],
      image.x * m[2] + image.y * m[5] + image.z * m[8]);
}

INLINE int floor_quotient(const int a, const int b) {
  if (a >= 0 && a < b) return 0;
  return a >= 0 ? a / b : -((b - 1 - a) / b);
}

INLINE int wrapped(const int a, const int b) { return a - floor_quotient(a, b) * b; }

INLINE real coordinate_along(global const frame* f, const int axis, const real4 position) {
  global const real* row = f->inverse + 3 * axis;
  return fma(position.z, row[2], fma(position.y, row[1], position.x * row[0]));
}

// The slab in which a folded position lies; along an axis that does not repeat, its bin.
INLINE int slab_of(
    global const frame* f, global const grid* g, const int axis, const real4 position) {
  const int slab =
      (int)floor(coordinate_along(f, axis, position) * f->slabs_per_unit[axis]);
  return g->slabs[axis] > 0 ? clamp(slab, 0, g->slabs[axis] - 1) : wrapped(slab, g->bins[axis]);
}
