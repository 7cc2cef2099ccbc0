// Preloaded into programs under Oclgrind, in front of its own library: fills a buffer in one piece.
//
// Oclgrind 21.10 remembers which bytes of a buffer were written for the last piece only that the
// host wrote, and fills pattern by pattern. After a fill in one piece, as `CLEBSCH_POISON=1` makes
// before each use of a buffer, it knows of the whole buffer.
#define CL_TARGET_OPENCL_VERSION 120
#define _GNU_SOURCE
#include <CL/cl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef cl_int (*write_function)(
    cl_command_queue, cl_mem, cl_bool, size_t, size_t, const void*, cl_uint, const cl_event*,
    cl_event*);

cl_int clEnqueueFillBuffer(
    cl_command_queue queue, cl_mem buffer, const void* pattern, size_t pattern_size, size_t offset,
    size_t size, cl_uint event_count, const cl_event* events, cl_event* event) {
  const write_function write = (write_function)dlsym(RTLD_NEXT, "clEnqueueWriteBuffer");
  if (!write || pattern_size == 0 || size == 0) return CL_INVALID_VALUE;
  char* bytes = malloc(size);
  if (!bytes) return CL_OUT_OF_HOST_MEMORY;
  for (size_t k = 0; k + pattern_size <= size; k += pattern_size)
    memcpy(bytes + k, pattern, pattern_size);
  const cl_int status =
      write(queue, buffer, CL_TRUE, offset, size, bytes, event_count, events, event);
  free(bytes);
  return status;
}
