#include "embedded_models.h"

#include <string.h>

// From embedded_files.S.
extern const uint8_t silicon_start[], silicon_end[];
extern const uint8_t silicon_10fs_start[], silicon_10fs_end[];
extern const uint8_t silicon_20fs_start[], silicon_20fs_end[];

static const uint8_t *const files[][2] = {
    [embedded_silicon] = {silicon_start, silicon_end},
    [embedded_silicon_10fs] = {silicon_10fs_start, silicon_10fs_end},
    [embedded_silicon_20fs] = {silicon_20fs_start, silicon_20fs_end},
};

size_t embedded_model_size(embedded_model model) {
  return (size_t)(files[model][1] - files[model][0]);
}

void embedded_model_copy(embedded_model model, uint8_t *bytes) {
  memcpy(bytes, files[model][0], embedded_model_size(model));
}
