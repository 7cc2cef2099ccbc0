import ArgumentParser
import Clebsch

/// How `clebsch md` keeps temperature and pressure.
struct EnsembleOptions: ParsableArguments {
  @Option(
    help: """
      csvr (stochastic velocity rescaling, the default), langevin (BAOAB), or nose-hoover (a chain \
      of three).
      """)
  var thermostat: ThermostatName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The thermostat's relaxation time; 100 by default.", valueName: "fs"))
  var thermostatTime: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The friction of langevin; 0.01 by default.", valueName: "1/fs"))
  var friction: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The pressure that npt holds; 0 by default.", valueName: "GPa"))
  var pressure: Double?

  @Option(
    help: """
      scr (stochastic cell rescaling, the default; its thermostat is csvr), or mtk (Martyna, Tobias \
      and Klein; its thermostat is nose-hoover).
      """)
  var barostat: BarostatName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The barostat's relaxation time; 1000 by default.", valueName: "fs"))
  var barostatTime: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An estimate of the compressibility, for scr; 0.01 by default.", valueName: "1/GPa"))
  var compressibility: Double?

  @Option(
    help: "isotropic (the volume alone, the default) or full (all lengths and angles), for scr.")
  var cellShape: CellRescaling.Shape?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between changes of the cell, for scr; each costs an evaluation; 10 by default.",
      valueName: "steps"))
  var barostatEvery: Int?

  var namesSettings: Bool {
    thermostat != nil || thermostatTime != nil || friction != nil || pressure != nil
      || barostat != nil || barostatTime != nil || compressibility != nil || cellShape != nil
      || barostatEvery != nil
  }

  func validate() throws {
    for (name, value) in [
      ("thermostat-time", thermostatTime), ("friction", friction),
      ("barostat-time", barostatTime), ("compressibility", compressibility),
    ] {
      if let value, !(value > 0 && value.isFinite) {
        throw ValidationError("'--\(name) \(value)': expected a number above 0.")
      }
    }
    if let pressure, !pressure.isFinite {
      throw ValidationError("'--pressure \(pressure)': expected a finite number.")
    }
    if let barostatEvery, barostatEvery < 1 {
      throw ValidationError(
        "'--barostat-every \(barostatEvery)': expected a number of steps, at least 1.")
    }
  }

  /// - Throws: `ValidationError` for options that do not go together.
  func ensemble(_ name: EnsembleName, temperature: Double?) throws -> Ensemble {
    try refuse(
      name == .nve ? thermostatOptions + barostatOptions : name == .nvt ? barostatOptions : [],
      with: "--ensemble \(name.rawValue)")
    switch name {
    case .nve: break
    case .nvt:
      let thermostat = thermostat ?? .csvr
      try refuse(
        thermostat == .langevin
          ? [("thermostat-time", thermostatTime != nil)] : [("friction", friction != nil)],
        with: "--thermostat \(thermostat.rawValue)")
    case .npt:
      try refuse(
        [("thermostat", thermostat != nil), ("friction", friction != nil)],
        with: "--ensemble npt", because: ": the barostat brings its own thermostat")
      if barostat == .mtk {
        try refuse(
          [
            ("compressibility", compressibility != nil), ("cell-shape", cellShape != nil),
            ("barostat-every", barostatEvery != nil),
          ], with: "--barostat mtk")
      }
    }
    let temperature = temperature ?? 0
    switch name {
    case .nve: return .constantEnergy
    case .nvt: return .constantTemperature(temperature, thermostatSettings)
    case .npt:
      return .constantPressure(
        (pressure ?? 0) * DynamicsUnits.gigapascal, temperature: temperature, barostatSettings)
    }
  }

  private func refuse(
    _ options: [(name: String, isGiven: Bool)], with choice: String, because reason: String = ""
  ) throws {
    if let option = options.first(where: \.isGiven) {
      throw ValidationError("'--\(option.name)' has no meaning with '\(choice)'\(reason).")
    }
  }

  private var thermostatOptions: [(name: String, isGiven: Bool)] {
    [
      ("thermostat", thermostat != nil), ("thermostat-time", thermostatTime != nil),
      ("friction", friction != nil),
    ]
  }

  private var barostatOptions: [(name: String, isGiven: Bool)] {
    [
      ("pressure", pressure != nil), ("barostat", barostat != nil),
      ("barostat-time", barostatTime != nil), ("compressibility", compressibility != nil),
      ("cell-shape", cellShape != nil), ("barostat-every", barostatEvery != nil),
    ]
  }

  private var thermostatSettings: Thermostat {
    switch thermostat ?? .csvr {
    case .csvr: .velocityRescaling(time: thermostatTime ?? 100)
    case .langevin: .langevin(friction: friction ?? 0.01)
    case .noseHoover: .noseHooverChain(time: thermostatTime ?? 100)
    }
  }

  private var barostatSettings: Barostat {
    switch barostat ?? .scr {
    case .scr:
      .cellRescaling(
        CellRescaling(
          shape: cellShape ?? .isotropic, time: barostatTime ?? 1000,
          compressibility: (compressibility ?? 0.01) / DynamicsUnits.gigapascal,
          thermostatTime: thermostatTime ?? 100, interval: barostatEvery ?? 10))
    case .mtk:
      .martynaTobiasKlein(
        thermostatTime: thermostatTime ?? 100, barostatTime: barostatTime ?? 1000)
    }
  }
}

enum ThermostatName: String, ExpressibleByArgument, CaseIterable {
  case csvr, langevin
  case noseHoover = "nose-hoover"
}

enum BarostatName: String, ExpressibleByArgument, CaseIterable { case scr, mtk }

extension CellRescaling.Shape: ExpressibleByArgument {}
