// The files below Files/ as read-only data, each between two symbols. The build does not see that
// this file depends on them: change it, or touch it, when a model changes (a test compares the bytes).

#ifdef __APPLE__
#define SYMBOL(name) _##name
  .section __TEXT,__const
#else
#define SYMBOL(name) name
  .section .rodata
#endif

#define EMBED(start, end, file) \
  .p2align 4;                   \
  .globl SYMBOL(start);         \
  SYMBOL(start):                \
  .incbin file;                 \
  .globl SYMBOL(end);           \
  SYMBOL(end):

  EMBED(silicon_start, silicon_end, "silicon.safetensors")
  EMBED(silicon_10fs_start, silicon_10fs_end, "silicon-10fs.safetensors")
  EMBED(silicon_20fs_start, silicon_20fs_end, "silicon-20fs.safetensors")

#if defined(__linux__) && defined(__ELF__)
  .section .note.GNU-stack,"",%progbits
#endif
