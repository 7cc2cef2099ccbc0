/// The OpenCL C sources of Clebsch, embedded in the binary.
///
/// Every file below `Kernels/` stands here under its name; file names are unique across folders.
public enum KernelSources {
  /// What the kernels of dense matrix products share; stands before each of them.
  public static var matrixLayout: String { text(PackageResources.matrix_layout_cl) }

  /// Dense matrix products on CPUs: tiles in registers.
  public static var matrixProduct: String { text(PackageResources.matrix_product_cl) }

  /// Dense matrix products on GPUs: tiles in local memory.
  public static var matrixProductTiled: String { text(PackageResources.matrix_product_tiled_cl) }

  /// The sum over the parts of a matrix product whose depth was split.
  public static var matrixProductSplits: String { text(PackageResources.matrix_product_splits_cl) }

  /// Kernels that build a radius graph with a cell list.
  public static var cellList: String { text(PackageResources.cell_list_cl) }

  /// Helpers that other kernels start from.
  public static var common: String { text(PackageResources.common_cl) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
