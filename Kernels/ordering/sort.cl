// The order of the elements of each line: order[0] is the place of the smallest (or, where DESCENDING
// is 1, of the largest), and so on. Equal elements stay in the order of their places; numbers that are
// none (NaN) come last; -0 and +0 are equal.
//
// The text before this file (`SortOrder`) defines `index_t`; `value_t`; `key_t`, an unsigned integer of
// the same length; IS_FLOAT; KEY_BITS; DESCENDING; DIGIT_BITS, which divides KEY_BITS by an even number.
//
// Short lines are ordered by counting: a work-item an element counts how many stand before it. Long ones
// are ordered by one digit after the other, the lowest first (radix sort). A line is cut into `parts`; for
// each digit a work-item a part counts its digits, prefix sums over (digit, part) say where the part's
// elements of each digit begin, and a work-item a part moves them there.

#define RADIX (1 << DIGIT_BITS)
#define SIGN ((key_t)1 << (KEY_BITS - 1))

// A number whose order as an unsigned integer is that of the values.
static key_t key_of(const value_t value) {
#if IS_FLOAT
#if KEY_BITS == 64
  const key_t bits = as_ulong(value);
  const key_t infinity = 0x7FF0000000000000UL;
#else
  const key_t bits = as_uint(value);
  const key_t infinity = 0x7F800000u;
#endif
  if ((bits & ~SIGN) > infinity) return ~(key_t)0;
  key_t key = bits & SIGN ? ~bits : bits | SIGN;
  if ((bits & ~SIGN) == 0) key = SIGN;
#else
  const key_t key = (key_t)value ^ SIGN;
#endif
  return DESCENDING ? ~key : key;
}

kernel void order_by_counting(
    const int lines, const int extent, global const value_t* values, global int* order) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * extent) return;
  const index_t line = item / extent;
  const int place = item % extent;
  values += line * extent;
  const key_t key = key_of(values[place]);
  int before = 0;
  for (int other = 0; other < place; ++other) before += key_of(values[other]) <= key;
  for (int other = place + 1; other < extent; ++other) before += key_of(values[other]) < key;
  order[line * extent + before] = place;
}

static int digit_of(const value_t value, const int digit) {
  return (int)(key_of(value) >> (digit * DIGIT_BITS)) & (RADIX - 1);
}

// Counts are [line][digit][part]. At the first digit elements stand in their own order.
kernel void count_digits(
    const int lines, const int extent, const int parts, const int digit,
    global const value_t* values, global const int* order, global int* counts) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * parts) return;
  const index_t line = item / parts;
  const int part = item % parts;
  const int length = (extent + parts - 1) / parts;
  const int begin = min(part * length, extent), end = min(begin + length, extent);
  values += line * extent;
  order += line * extent;
  int own[RADIX];
  for (int d = 0; d < RADIX; ++d) own[d] = 0;
  for (int k = begin; k < end; ++k) ++own[digit_of(values[digit == 0 ? k : order[k]], digit)];
  counts += line * RADIX * parts + part;
  for (int d = 0; d < RADIX; ++d) counts[d * parts] = own[d];
}

// The first places are [line][digit][part], and one more a line.
kernel void move_by_digit(
    const int lines, const int extent, const int parts, const int digit,
    global const value_t* values, global const int* order, global const int* places,
    global int* moved) {
  const index_t item = get_global_id(0);
  if (item >= (index_t)lines * parts) return;
  const index_t line = item / parts;
  const int part = item % parts;
  const int length = (extent + parts - 1) / parts;
  const int begin = min(part * length, extent), end = min(begin + length, extent);
  values += line * extent;
  order += line * extent;
  moved += line * extent;
  places += line * (RADIX * parts + 1) + part;
  int next[RADIX];
  for (int d = 0; d < RADIX; ++d) next[d] = places[d * parts];
  for (int k = begin; k < end; ++k) {
    const int place = digit == 0 ? k : order[k];
    moved[next[digit_of(values[place], digit)]++] = place;
  }
}
