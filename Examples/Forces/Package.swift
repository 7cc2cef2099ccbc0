// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Forces",
  dependencies: [.package(name: "clebsch", path: "../..")],
  targets: [
    .executableTarget(name: "Forces", dependencies: [.product(name: "Clebsch", package: "clebsch")])
  ])
