#ifndef EMBEDDED_MODELS_H
#define EMBEDDED_MODELS_H

#include <stddef.h>
#include <stdint.h>

/// A file of a model in the program's read-only data.
typedef enum {
  embedded_silicon,
  embedded_silicon_10fs,
  embedded_silicon_20fs,
} embedded_model;

/// The length of the file in bytes.
size_t embedded_model_size(embedded_model model);

/// Copies the file, `embedded_model_size` bytes.
void embedded_model_copy(embedded_model model, uint8_t *bytes);

#endif
