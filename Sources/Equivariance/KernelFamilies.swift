import OpenCLRuntime

// Where the kernels of this room's operations come from, so that a family that is wrong on a device
// can be refused there.

extension Contraction { package var kernelFamily: KernelFamily? { .contraction } }
extension ContractionGradient { var kernelFamily: KernelFamily? { .contraction } }
extension Directions { var kernelFamily: KernelFamily? { .harmonics } }
extension DirectionsGradient { var kernelFamily: KernelFamily? { .harmonics } }
extension SolidHarmonics { var kernelFamily: KernelFamily? { .harmonics } }
extension SolidHarmonicsGradient { var kernelFamily: KernelFamily? { .harmonics } }
