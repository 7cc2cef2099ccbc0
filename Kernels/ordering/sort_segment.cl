// A segment of numbers that are at least 0 and below `bound`, sorted in ascending order by one work-item:
// one digit after the other, the lowest first. `first` and `second` are room for the numbers at the places
// of the segment. The result is in one of them, or still in `numbers` where that is sorted already.

#define SEGMENT_DIGIT_BITS 8
#define SEGMENT_RADIX (1 << SEGMENT_DIGIT_BITS)

static global const int* sort_segment(
    global const int* numbers, const int begin, const int end, const int bound, global int* first,
    global int* second) {
  int is_sorted = 1;
  for (int k = begin + 1; k < end; ++k) is_sorted &= numbers[k - 1] <= numbers[k];
  if (is_sorted) return numbers;
  global int* target = first;
  for (int shift = 0; shift < 31 && (bound - 1) >> shift > 0; shift += SEGMENT_DIGIT_BITS) {
    int next[SEGMENT_RADIX + 1];
    for (int d = 0; d <= SEGMENT_RADIX; ++d) next[d] = 0;
    for (int k = begin; k < end; ++k) ++next[((numbers[k] >> shift) & (SEGMENT_RADIX - 1)) + 1];
    next[0] = begin;
    for (int d = 1; d < SEGMENT_RADIX; ++d) next[d] += next[d - 1];
    for (int k = begin; k < end; ++k) {
      target[next[(numbers[k] >> shift) & (SEGMENT_RADIX - 1)]++] = numbers[k];
    }
    numbers = target;
    target = target == first ? second : first;
  }
  return numbers;
}
