import Foundation

/// What numpy and ASE make of `Fixtures/mixture.extxyz`.
struct Fixture: Decodable {
  let radialCutoff: Double
  let binWidth: Double
  let bondCutoff: Double
  let radial: [String: [Double]]
  let coordination: [String: [Double]]
  let angular: [String: [Double]]
  let msd: [String: [Double]]
  let vacf: [String: [Double]]
  let spectrumFrequencies: [Double]
  let spectrum: [String: [Double]]
  let temperatures: [Double]
  let volumes: [Double]
  let cellParameters: [[Double]]
  let pressures: [Double]

  static func path(_ name: String) throws -> String {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/\(name)")
    return folder?.path ?? name
  }

  static func load() throws -> Fixture {
    let data = try Data(contentsOf: URL(fileURLWithPath: path("mixture.json")))
    return try JSONDecoder().decode(Fixture.self, from: data)
  }
}
