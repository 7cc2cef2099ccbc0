/// The OpenCL C sources of Clebsch, embedded in the binary.
///
/// Every file below `Kernels/` stands here under its name; file names are unique across folders.
public enum KernelSources {
  /// Kernels for dense matrix products.
  public static var matrixProduct: String { text(PackageResources.matrix_product_cl) }

  /// Kernels that build a radius graph with a cell list.
  public static var cellList: String { text(PackageResources.cell_list_cl) }

  /// Helpers that other kernels start from.
  public static var common: String { text(PackageResources.common_cl) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
