import ArgumentParser
import Clebsch

/// When `clebsch md` stops because something is wrong.
struct WatchOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop above this temperature; by default ten times the highest that was asked for, and 5000.",
      valueName: "K"))
  var maxTemperature: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Stop when atoms are closer than this part of the sum of their covalent radii; 0.5 by default, \
      0 for never.
      """, valueName: "part"))
  var minDistance: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop when the conserved energy has drifted by more than this; never by default.",
      valueName: "eV/atom"))
  var maxDrift: Double?

  var namesSettings: Bool { maxTemperature != nil || minDistance != nil || maxDrift != nil }

  func validate() throws {
    for (name, value) in [("max-temperature", maxTemperature), ("max-drift", maxDrift)] {
      if let value, !(value > 0) {
        throw ValidationError("'--\(name) \(value)': expected a number above 0.")
      }
    }
    if let minDistance, !(0...1).contains(minDistance) {
      throw ValidationError("'--min-distance \(minDistance)': expected a number from 0 to 1.")
    }
  }

  var limits: WatchLimits {
    WatchLimits(
      highestTemperature: maxTemperature,
      closestApproach: minDistance.map { $0 > 0 ? $0 : nil } ?? WatchLimits().closestApproach,
      drift: maxDrift)
  }
}
