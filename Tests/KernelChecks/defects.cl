// Kernels with a defect each, and a sound one: whether Oclgrind tells them apart is asked before it
// is believed.

kernel void out_of_bounds(global const int* in, const int count, global int* out) {
  const int item = get_global_id(0);
  out[item] = in[item + (item == count - 1)];
}

kernel void data_race(global const int* in, const int count, global int* out) {
  out[0] += in[get_global_id(0)];
}

kernel void never_written(global const int* in, const int count, global int* out) {
  int values[4];
  for (int k = 1; k < 4; ++k) values[k] = in[k];
  out[get_global_id(0)] = values[get_global_id(0) % count];
}

kernel void sound(global const int* in, const int count, global int* out) {
  const int item = get_global_id(0);
  int values[4];
  for (int k = 0; k < 4; ++k) values[k] = in[k];
  out[item] = values[item % count];
}
