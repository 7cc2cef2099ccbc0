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

  /// What the kernels of the neighbour search share; stands before each of them.
  public static var neighbourSearch: String { text(PackageResources.neighbour_search_cl) }

  /// How a search walks through the bins around an atom.
  public static var binWalk: String { text(PackageResources.bin_walk_cl) }

  /// Kernels that sort atoms into bins.
  public static var cellList: String { text(PackageResources.cell_list_cl) }

  /// Kernels that count and write the edges of a radius graph.
  public static var radiusGraph: String { text(PackageResources.radius_graph_cl) }

  /// Prefix sums along an axis.
  public static var prefixSum: String { text(PackageResources.prefix_sum_cl) }

  /// The order of the elements of each line, a segment in ascending order, and the inverse of an order.
  public static var sort: String { text(PackageResources.sort_cl) }
  public static var sortSegment: String { text(PackageResources.sort_segment_cl) }
  public static var inversePermutation: String { text(PackageResources.inverse_permutation_cl) }

  /// Small matrices, one a work-item: the triangular factors of elimination, with what is solved by
  /// them; then the other factors.
  public static var elimination: String { text(PackageResources.elimination_cl) }
  public static var cholesky: String { text(PackageResources.cholesky_cl) }
  public static var orthogonalTriangular: String {
    text(PackageResources.orthogonal_triangular_cl)
  }
  public static var symmetricEigen: String { text(PackageResources.symmetric_eigen_cl) }
  public static var singularValues: String { text(PackageResources.singular_values_cl) }

  /// What a device can do at most, for benchmarks.
  public static var ceilings: String { text(PackageResources.ceilings_cl) }

  /// Helpers that other kernels start from.
  public static var common: String { text(PackageResources.common_cl) }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
