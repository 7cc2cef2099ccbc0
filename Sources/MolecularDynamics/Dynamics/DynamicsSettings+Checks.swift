import Potentials

extension DynamicsSettings {
  /// - Throws: `DynamicsError` for what cannot be.
  func check(for structure: AtomicStructure, fixedAtoms: Set<Int>) throws {
    guard structure.count > 0 else {
      throw DynamicsError.structure("there are 0 atoms; expected at least one")
    }
    guard fixedAtoms.count < structure.count,
      fixedAtoms.allSatisfy((0..<structure.count).contains)
    else {
      throw DynamicsError.setting(
        "the list of fixed atoms", found: "\(fixedAtoms.count) of \(structure.count) atoms",
        expected: "atoms counted from 0, and at least one that moves")
    }
    try Self.checkPositive("the time step", timestep, unit: "fs")
    if let degreesOfFreedom, degreesOfFreedom < 1 {
      throw DynamicsError.setting(
        "the number of degrees of freedom", found: "\(degreesOfFreedom)", expected: "at least 1")
    }
    guard watch.interval >= 1, momentumRemovalInterval >= 0 else {
      throw DynamicsError.setting(
        "an interval", found: "\(min(watch.interval, momentumRemovalInterval))",
        expected: "a number of steps")
    }
    try checkEnsemble(structure, fixedAtoms: fixedAtoms)
  }

  private func checkEnsemble(_ structure: AtomicStructure, fixedAtoms: Set<Int>) throws {
    switch ensemble {
    case .constantEnergy: break
    case .constantTemperature(let temperature, let thermostat):
      switch thermostat {
      case .velocityRescaling(let time):
        try Self.checkTemperature(temperature, mayBeZero: true)
        try Self.checkPositive("the thermostat's time", time, unit: "fs")
      case .langevin(let friction):
        try Self.checkTemperature(temperature, mayBeZero: true)
        try Self.checkPositive("the friction", friction, unit: "1/fs")
      case .noseHooverChain(let time, let length):
        try Self.checkTemperature(temperature, mayBeZero: false)
        try Self.checkPositive("the thermostat's time", time, unit: "fs")
        try Self.checkPositive("the length of the chain", Double(length), unit: "links")
      }
    case .constantPressure(let pressure, let temperature, let barostat):
      guard pressure.isFinite else {
        throw DynamicsError.setting(
          "the pressure", found: "\(pressure)", expected: "a finite number")
      }
      guard structure.cell?.periodic.allSatisfy(\.self) == true else {
        throw DynamicsError.cellMissing(purpose: "constant pressure")
      }
      guard fixedAtoms.isEmpty else {
        throw DynamicsError.setting(
          "the list of fixed atoms", found: "not empty",
          expected: "no fixed atoms at constant pressure, where the cell moves all of them")
      }
      switch barostat {
      case .cellRescaling(let settings):
        try Self.checkTemperature(temperature, mayBeZero: true)
        try Self.checkPositive("the barostat's time", settings.time, unit: "fs")
        try Self.checkPositive("the compressibility", settings.compressibility, unit: "Å³/eV")
        try Self.checkPositive("the thermostat's time", settings.thermostatTime, unit: "fs")
        try Self.checkPositive("the barostat's interval", Double(settings.interval), unit: "steps")
      case .martynaTobiasKlein(let thermostatTime, let barostatTime, let length):
        try Self.checkTemperature(temperature, mayBeZero: false)
        try Self.checkPositive("the thermostat's time", thermostatTime, unit: "fs")
        try Self.checkPositive("the barostat's time", barostatTime, unit: "fs")
        try Self.checkPositive("the length of the chain", Double(length), unit: "links")
      }
    }
  }

  private static func checkPositive(_ name: String, _ value: Double, unit: String) throws {
    guard value > 0, value.isFinite else {
      throw DynamicsError.setting(
        name, found: "\(value) \(unit)", expected: "a number above 0")
    }
  }

  private static func checkTemperature(_ value: Double, mayBeZero: Bool) throws {
    guard value.isFinite, mayBeZero ? value >= 0 : value > 0 else {
      throw DynamicsError.setting(
        "the temperature", found: "\(value) K",
        expected: mayBeZero ? "a number from 0 K" : "a number above 0 K")
    }
  }

  /// What is allowed and probably not meant, in words: a time step in which a bond to the lightest
  /// atom goes through much of a vibration.
  ///
  /// - Parameter masses: in u, of the atoms that move.
  public func warnings(masses: [Double]) -> [String] {
    guard let lightest = masses.min() else { return [] }
    // 1.5 fs for hydrogen, 8 fs for silicon.
    let limit = 1.5 * lightest.squareRoot()
    guard timestep > limit else { return [] }
    return [
      "a time step of \(timestep) fs is long for atoms of \(lightest) u; "
        + "up to \((limit * 10).rounded() / 10) fs is usual"
    ]
  }
}
