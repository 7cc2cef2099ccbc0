/// What every kernel of a plan starts from: the type of indices, and two ways to spare the memory where
/// the compiler has them. `PREFETCH(pointer)` asks for a cache line that is needed soon;
/// `STREAM(type, value, pointer)` stores a vector at a multiple of its size past the caches, without
/// reading its line first.
package enum KernelPreamble {
  /// Compiled with this option, indices are 64 bits wide; for tensors of more than 2³¹ elements.
  static let wideIndexOption = "-DCLEBSCH_WIDE_INDEX"

  package static func text(usesDouble: Bool) -> String {
    (usesDouble ? "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n" : "") + """
      #ifdef CLEBSCH_WIDE_INDEX
      typedef long index_t;
      #else
      typedef int index_t;
      #endif
      #if defined(__has_builtin) && !defined(PLAIN_OPENCL)
      #if __has_builtin(__builtin_prefetch)
      #define PREFETCH(pointer) __builtin_prefetch(pointer)
      #endif
      #if __has_builtin(__builtin_nontemporal_store)
      #define STREAM(type, value, pointer) __builtin_nontemporal_store(value, (__global type*)(pointer))
      #endif
      #endif
      #ifndef PREFETCH
      #define PREFETCH(pointer)
      #endif
      #ifndef STREAM
      #define STREAM(type, value, pointer) *(__global type*)(pointer) = value
      #endif


      """
  }

  /// Philox-2×32 with ten rounds, for scalars and vectors; see `RandomBits`.
  static let random: String =
    [1, 2, 4, 8, 16].map { width in
      let type = width == 1 ? "uint" : "uint\(width)"
      return """
        __attribute__((overloadable)) \(type) philox_2x32(\(type) counter, \(type) stream, \(type) key) {
          for (int round = 0; round < 10; ++round) {
            const \(type) high = mul_hi((\(type))(0xD256D193u), counter);
            const \(type) low = (\(type))(0xD256D193u) * counter;
            counter = high ^ key ^ stream;
            stream = low;
            key += (\(type))(0x9E3779B9u);
          }
          return counter;
        }

        """
    }.joined()
}
