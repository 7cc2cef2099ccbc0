import FoundationEssentials

/// Settings that PoCL reads from the environment when it starts, chosen for this processor.
enum PoCLDefaults {
  /// Applied once, before the process's first OpenCL call; what the user has set stays.
  static let apply: Void = {
    // LLVM keeps to 256-bit vectors on processors that have 512-bit ones unless told otherwise.
    if processorHasAVX512 {
      Environment.setDefault("POCL_VECTORIZER_PREFER_VECTOR_WIDTH", to: "512")
    }
  }()

  private static var processorHasAVX512: Bool {
    guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    else { return false }
    let flags = information.split(separator: "\n").first { $0.hasPrefix("flags") }
    return flags?.split(separator: " ").contains("avx512f") ?? false
  }
}
