import COpenCL
import Glibc

/// CLBlast (Apache 2.0), a library of matrix products for OpenCL devices, where it is installed.
///
/// It is opened when the process first asks for it, never linked: neither a build nor a run needs it,
/// and where it is missing our own kernels do all of its work.
public struct CLBlast: Sendable {
  /// The library; nil where it is not installed, or lacks a function.
  public static let installed: CLBlast? = ["libclblast.so.1", "libclblast.so"].lazy
    .compactMap { CLBlast(file: $0) }.first

  /// The name by which it was found.
  public let file: String

  let single: SingleProduct
  let double: DoubleProduct
  let singleBatch: SingleBatch
  let doubleBatch: DoubleBatch
  let singleScratch: ScratchSize
  let doubleScratch: ScratchSize
  private let clear: @Sendable @convention(c) () -> Int32

  private init?(file: String) {
    guard let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { return nil }
    func function<Function>(_ name: String, as type: Function.Type) -> Function? {
      dlsym(library, name).map { unsafeBitCast($0, to: type) }
    }
    guard
      let single = function("CLBlastSgemmWithTempBuffer", as: SingleProduct.self),
      let double = function("CLBlastDgemmWithTempBuffer", as: DoubleProduct.self),
      let singleBatch = function("CLBlastSgemmStridedBatched", as: SingleBatch.self),
      let doubleBatch = function("CLBlastDgemmStridedBatched", as: DoubleBatch.self),
      let singleScratch = function("CLBlastSGemmTempBufferSize", as: ScratchSize.self),
      let doubleScratch = function("CLBlastDGemmTempBufferSize", as: ScratchSize.self),
      let clear = function(
        "CLBlastClearCache", as: (@Sendable @convention(c) () -> Int32).self)
    else { return nil }
    self.file = file
    self.single = single
    self.double = double
    self.singleBatch = singleBatch
    self.doubleBatch = doubleBatch
    self.singleScratch = singleScratch
    self.doubleScratch = doubleScratch
    self.clear = clear
  }

  /// Lets go of the programs that it keeps for every OpenCL context, which keep the contexts alive;
  /// those that still work build theirs anew.
  func clearCache() { _ = clear() }

  // MARK: - Its functions, as clblast_c.h (1.5.3) declares them

  static let rowMajor: Int32 = 101
  static let asStored: Int32 = 111
  static let transposed: Int32 = 112

  typealias Queue = UnsafeMutablePointer<cl_command_queue?>
  typealias Event = UnsafeMutablePointer<cl_event?>

  typealias SingleProduct =
    @Sendable @convention(c) (
      _ layout: Int32, _ first: Int32, _ second: Int32, _ rows: Int, _ columns: Int, _ depth: Int,
      _ scale: Float, cl_mem?, _ offset: Int, _ rowLength: Int, cl_mem?, Int, Int, _ kept: Float,
      cl_mem?, Int, Int, Queue?, Event?, _ scratch: cl_mem?
    ) -> Int32

  typealias DoubleProduct =
    @Sendable @convention(c) (
      Int32, Int32, Int32, Int, Int, Int, Double, cl_mem?, Int, Int, cl_mem?, Int, Int, Double,
      cl_mem?, Int, Int, Queue?, Event?, cl_mem?
    ) -> Int32

  typealias SingleBatch =
    @Sendable @convention(c) (
      Int32, Int32, Int32, Int, Int, Int, Float, cl_mem?, _ offset: Int, _ rowLength: Int,
      _ stride: Int, cl_mem?, Int, Int, Int, Float, cl_mem?, Int, Int, Int, _ count: Int, Queue?,
      Event?
    ) -> Int32

  typealias DoubleBatch =
    @Sendable @convention(c) (
      Int32, Int32, Int32, Int, Int, Int, Double, cl_mem?, Int, Int, Int, cl_mem?, Int, Int, Int,
      Double, cl_mem?, Int, Int, Int, Int, Queue?, Event?
    ) -> Int32

  typealias ScratchSize =
    @Sendable @convention(c) (
      Int32, Int32, Int32, Int, Int, Int, _ firstOffset: Int, Int, _ secondOffset: Int, Int,
      _ resultOffset: Int, Int, Queue?, _ bytes: UnsafeMutablePointer<Int>?
    ) -> Int32
}

/// Notes that a context has used CLBlast, and clears up after it.
final class CLBlastUse: Sendable {
  private let library: CLBlast
  init(of library: CLBlast) { self.library = library }
  deinit { library.clearCache() }
}
