// OpenCL C helpers shared by kernels of several rooms.
