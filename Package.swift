// swift-tools-version: 6.1
import PackageDescription

// One target a room; what a room may use is what its dependencies say (docs/architecture.md).
let package = Package(
  name: "Clebsch",
  products: [
    .library(name: "Clebsch", targets: ["Clebsch"]),
    .executable(name: "clebsch", targets: ["ClebschCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenCL", path: "Sources/COpenCL"),
    .target(name: "OpenCLRuntime", dependencies: ["COpenCL"], exclude: ["README.md"]),
    .target(
      name: "KernelSources", path: "Kernels", exclude: ["README.md"],
      resources: [
        .embedInCode("ceilings"), .embedInCode("dense"), .embedInCode("neighbours"),
        .embedInCode("ordering"), .embedInCode("support"),
      ]),
    .target(
      name: "TensorGraph", dependencies: ["OpenCLRuntime", "KernelSources"], exclude: ["README.md"]),
    .target(name: "Irreps", exclude: ["README.md"]),
    .target(name: "FileFormats", exclude: ["README.md"]),
    .target(name: "Neighbours", dependencies: ["TensorGraph"], exclude: ["README.md"]),
    .target(
      name: "Equivariance", dependencies: ["TensorGraph", "Irreps", "KernelSources"],
      exclude: ["README.md"]),
    .target(
      name: "Potentials", dependencies: ["Equivariance", "Neighbours", "FileFormats"],
      exclude: ["README.md"]),
    .target(name: "MolecularDynamics", dependencies: ["Potentials"], exclude: ["README.md"]),
    .target(
      name: "TrajectoryAnalysis", dependencies: ["FileFormats"], exclude: ["README.md"],
      resources: [.embedInCode("Page")]),
    .target(name: "CSocketConnection", exclude: ["README.md"]),
    .target(
      name: "SocketDriver", dependencies: ["Potentials", "CSocketConnection"],
      exclude: ["README.md"]),
    .target(
      name: "Training",
      dependencies: ["Potentials", .product(name: "Yams", package: "Yams")],
      exclude: ["README.md"]),
    .target(
      name: "Forecasting", dependencies: ["MolecularDynamics", "Training"], exclude: ["README.md"]),
    .target(
      name: "CEmbeddedModels", exclude: ["README.md", "Files"],
      cSettings: [.headerSearchPath("Files")]),
    .target(
      name: "ShippedModels", dependencies: ["Forecasting", "CEmbeddedModels"],
      exclude: ["README.md"]),
    .target(
      name: "Benchmarking", dependencies: ["Potentials", "KernelSources"], exclude: ["README.md"]),
    .target(
      name: "Clebsch",
      dependencies: [
        "OpenCLRuntime", "TensorGraph", "Irreps", "Neighbours", "Equivariance", "FileFormats",
        "Potentials", "MolecularDynamics", "TrajectoryAnalysis", "SocketDriver", "Training",
        "Forecasting", "ShippedModels", "Benchmarking",
      ], exclude: ["README.md"]),
    .executableTarget(
      name: "ClebschCommand",
      dependencies: [
        "Clebsch", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["README.md"]),

    .target(
      name: "TestSupport", dependencies: ["FileFormats", "OpenCLRuntime", "TensorGraph"],
      path: "Tests/TestSupport"),
    .testTarget(name: "OpenCLRuntimeTests", dependencies: ["OpenCLRuntime", "TestSupport"]),
    .testTarget(
      name: "TensorGraphTests", dependencies: ["TensorGraph", "TestSupport"], exclude: ["Golden"]),
    .testTarget(
      name: "IrrepsTests", dependencies: ["Irreps", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "FileFormatsTests", dependencies: ["FileFormats", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "NeighboursTests", dependencies: ["Neighbours", "TestSupport"]),
    .testTarget(
      name: "EquivarianceTests", dependencies: ["Equivariance", "TestSupport"],
      exclude: ["Golden"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "PotentialsTests", dependencies: ["Potentials", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "MolecularDynamicsTests", dependencies: ["MolecularDynamics", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TrajectoryAnalysisTests", dependencies: ["TrajectoryAnalysis", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "SocketDriverTests", dependencies: ["SocketDriver", "TestSupport"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ForecastingTests", dependencies: ["Forecasting", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "ShippedModelsTests", dependencies: ["ShippedModels", "TestSupport"]),
    .testTarget(name: "BenchmarkingTests", dependencies: ["Benchmarking", "TestSupport"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["Clebsch", "ClebschCommand", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
