import FoundationEssentials

/// Settings that PoCL reads from the environment when it starts, chosen for this processor.
enum PoCLDefaults {
  /// Applied once, before the process's first OpenCL call; what the user has set stays.
  static let apply: Void = {
    // Each new size of a launch would compile the kernel again. One form for all sizes costs two
    // per cent where work-groups hold 256 items and more, and its machine code is what a program
    // binary holds, so that a warm start compiles nothing.
    Environment.setDefault("POCL_WORK_GROUP_SPECIALIZATION", to: "0")
    // LLVM keeps to 256-bit vectors on processors that have 512-bit ones unless told otherwise.
    if processorHasAVX512 {
      Environment.setDefault("POCL_VECTORIZER_PREFER_VECTOR_WIDTH", to: "512")
    }
  }()

  /// The settings on which compiled code depends, as they are now.
  static var codeSettings: [String] {
    let names = [
      "POCL_WORK_GROUP_SPECIALIZATION", "POCL_VECTORIZER_PREFER_VECTOR_WIDTH",
      "POCL_WORK_GROUP_METHOD", "POCL_EXTRA_BUILD_FLAGS", "POCL_LLVM_CPU_NAME",
      "POCL_KERNELLIB_NAME", "POCL_WILOOPS_MAX_UNROLL_COUNT",
    ]
    return names.compactMap { name in Environment[name].map { "\(name)=\($0)" } }
  }

  private static var processorHasAVX512: Bool {
    guard let information = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return false
    }
    let flags = information.split(separator: "\n").first { $0.hasPrefix("flags") }
    return flags?.split(separator: " ").contains("avx512f") ?? false
  }
}
