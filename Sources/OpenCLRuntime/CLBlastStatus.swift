/// A status that a function of CLBlast returned: one of OpenCL's, or one of its own.
///
/// Source: clblast_c.h, 1.5.3.
public struct CLBlastStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The name in CLBlast's header, or in OpenCL's standard.
  public var name: String { Self.names[rawValue] ?? OpenCLStatus(rawValue: rawValue).name }

  public var description: String {
    Self.names[rawValue].map { "\($0) (\(rawValue))" }
      ?? OpenCLStatus(rawValue: rawValue).description
  }

  private static let names: [Int32: String] = [
    -1024: "CLBlastNotImplemented", -1022: "CLBlastInvalidMatrixA", -1021: "CLBlastInvalidMatrixB",
    -1020: "CLBlastInvalidMatrixC", -1017: "CLBlastInvalidDimension",
    -1016: "CLBlastInvalidLeadDimA", -1015: "CLBlastInvalidLeadDimB",
    -1014: "CLBlastInvalidLeadDimC", -1011: "CLBlastInsufficientMemoryA",
    -1010: "CLBlastInsufficientMemoryB", -1009: "CLBlastInsufficientMemoryC",
    -2050: "CLBlastInsufficientMemoryTemp", -2049: "CLBlastInvalidBatchCount",
    -2048: "CLBlastInvalidOverrideKernel", -2047: "CLBlastMissingOverrideParameter",
    -2046: "CLBlastInvalidLocalMemUsage", -2045: "CLBlastNoHalfPrecision",
    -2044: "CLBlastNoDoublePrecision", -2041: "CLBlastDatabaseError",
    -2040: "CLBlastUnknownError", -2039: "CLBlastUnexpectedError",
  ]
}
