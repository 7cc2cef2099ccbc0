/// What can go wrong between a graph and a device through no fault of the code.
public enum TensorGraphError: Error, Hashable, CustomStringConvertible {
  /// The graph has double-precision numbers and the device has not.
  case doublePrecisionUnavailable(device: String)
  /// An argument of a compiled function has not the shape or type it was compiled for.
  case argumentMismatch(position: Int, expected: String, found: String)
  /// A kernel takes a size that is beyond its 32 bits.
  case sizeTooLarge(kernel: String, size: Int)

  public var description: String {
    switch self {
    case .doublePrecisionUnavailable(let device):
      "device \(device) has no double precision; use single precision or another device"
    case .argumentMismatch(let position, let expected, let found):
      "argument \(position) of a compiled function is \(found), expected \(expected)"
    case .sizeTooLarge(let kernel, let size):
      "kernel '\(kernel)' is given the size \(size); one size, or the distance between two rows, can be "
        + "\(Int32.max) at most: compute in smaller parts"
    }
  }
}
