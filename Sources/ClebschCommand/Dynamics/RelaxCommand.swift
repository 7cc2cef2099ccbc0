import ArgumentParser
import Clebsch
import Foundation

/// `clebsch relax`: minimises the energy of a structure.
struct RelaxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relax",
    abstract: "Relaxes positions, with --cell the cell too, and says whether it converged.",
    discussion: """
      Example:
        clebsch relax 7net-0 Examples/structures/ice-xi.extxyz --cell -o ice.extxyz

      Forces are in eV/Å, pressures in GPa. A relaxation that reaches --max-iterations writes what it \
      has and says so; with --json 'converged' tells.
      """)

  @Argument(help: "A checkpoint, or the name of a published model (see 'clebsch models').")
  var model: String

  @Argument(help: "An extended XYZ file.")
  var structure: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the relaxed structure, with energy, forces and stress, to this extended XYZ file.",
      valueName: "file"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop when no atom's force is larger.", valueName: "eV/Å"))
  var fmax = 0.01

  @Flag(help: "Change the cell too.")
  var cell = false

  @Option(
    help: "What of the cell changes: full (the default), hydrostatic, or constant-volume.")
  var cellChange: CellChange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The pressure from outside, with --cell.", valueName: "GPa"))
  var pressure = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --cell, stop when no component of the stress is farther from the pressure.",
      valueName: "GPa"))
  var smax = 0.01

  @Option(help: "The method: lbfgs or fire.")
  var optimizer: RelaxationSettings.Optimizer = .lbfgs

  @Option(parsing: .unconditional, help: "Give up after so many steps.")
  var maxIterations = 1000

  @Option(
    parsing: .unconditional,
    help: "The frame of the structure file, counted from 0; -1 is the last.")
  var frame = 0

  @Option(
    help: ArgumentHelp(
      "Atoms that do not move, such as 0,3,8-11; those of a column 'move_mask' that is F are too.",
      valueName: "atoms"))
  var fix: AtomList?

  @OptionGroup var options: ModelOptions

  @Flag(help: "Print one JSON object at the end in place of the table of steps.")
  var json = false

  @Flag(help: "No progress and no timing on standard error.")
  var quiet = false

  func validate() throws {
    for (name, value) in [("fmax", fmax), ("smax", smax)] where !(value > 0 && value.isFinite) {
      throw ValidationError("'--\(name) \(value)': expected a number above 0.")
    }
    if maxIterations < 0 {
      throw ValidationError("'--max-iterations \(maxIterations)': expected a number from 0.")
    }
    if !pressure.isFinite {
      throw ValidationError("'--pressure \(pressure)': expected a finite number.")
    }
    if !cell, cellChange != nil || pressure != 0 {
      throw ValidationError(
        "'\(cellChange != nil ? "--cell-change" : "--pressure")' needs '--cell'.")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let start = ContinuousClock.now
    let located = try StructureFile(structure).located(frame: frame)
    let loaded = try options.loadForceField(model)
    let loading = start.duration(to: .now)
    do {
      var relaxation = try Relaxation(
        of: located.structure, with: loaded.potential, settings,
        fixedAtoms: located.fixedAtoms(fix))
      if !json { try StandardOutput.write(Self.header(relaxation)) }
      var progress = StepProgress(from: 0, to: maxIterations, isSilent: quiet)
      try relaxation.run { relaxation in
        if !json { try StandardOutput.write(Self.row(relaxation)) }
        progress.update(
          step: relaxation.iteration,
          status: "largest force \(fixed(relaxation.largestForce, decimals: 4)) eV/Å")
        try interruption.check()
      }
      progress.finish()
      if let output {
        try ExtendedXYZWriter.write([located.relaxed(relaxation)], to: output, numbers: .exact)
      }
      try report(
        relaxation, located, running: start.duration(to: .now) - loading, loading: loading)
    } catch {
      throw Failure(error, at: located.place) ?? error
    }
  }

  private var settings: RelaxationSettings {
    let freedom: CellFreedom =
      switch cellChange ?? .full {
      case .full: .full
      case .hydrostatic: .hydrostatic
      case .constantVolume: CellFreedom(keepsVolume: true)
      }
    return RelaxationSettings(
      optimizer, forceLimit: fmax, cell: cell ? freedom : nil,
      pressure: pressure * DynamicsUnits.gigapascal,
      stressLimit: smax * DynamicsUnits.gigapascal, iterationLimit: maxIterations)
  }

  // MARK: The table

  private static func header(_ relaxation: Relaxation) -> String {
    "step".leftPadded(to: 6) + "energy eV".leftPadded(to: 18) + "max force eV/Å".leftPadded(to: 16)
      + (relaxation.settings.cell == nil
        ? "" : "excess GPa".leftPadded(to: 12) + "volume Å³".leftPadded(to: 14)) + "\n"
  }

  private static func row(_ relaxation: Relaxation) -> String {
    var row =
      "\(relaxation.iteration)".leftPadded(to: 6)
      + fixed(relaxation.energy, decimals: 6).leftPadded(to: 18)
      + fixed(relaxation.largestForce, decimals: 6).leftPadded(to: 16)
    if let excess = relaxation.largestExcessStress {
      row += fixed(excess / DynamicsUnits.gigapascal, decimals: 4).leftPadded(to: 12)
      row += fixed(relaxation.structure.cell?.volume ?? 0, decimals: 4).leftPadded(to: 14)
    }
    return row + "\n"
  }

  private func report(
    _ relaxation: Relaxation, _ located: LocatedFrame, running: Duration, loading: Duration
  ) throws {
    let stress = relaxation.evaluation.stress
    let pressure = stress.map { -($0[0] + $0[1] + $0[2]) / 3 / DynamicsUnits.gigapascal }
    if json {
      try StandardOutput.write([
        "file": located.file, "frame": located.index, "name": located.label,
        "atoms": relaxation.structure.count, "converged": relaxation.isConverged,
        "iterations": relaxation.iteration, "energy_eV": relaxation.energy,
        "enthalpy_eV": relaxation.enthalpy, "max_force_eV_per_A": relaxation.largestForce,
        "pressure_GPa": pressure,
        "volume_A3": stress == nil ? nil : relaxation.structure.cell?.volume,
        "cell_A": relaxation.structure.cell?.vectors.map { [$0.x, $0.y, $0.z] },
        "seconds": running.seconds, "loading_seconds": loading.seconds,
      ])
    }
    let verdict =
      relaxation.isConverged
      ? "converged after \(relaxation.iteration) steps"
      : "NOT converged after \(relaxation.iteration) steps (--max-iterations)"
    if !json { try StandardOutput.write(verdict + "\n") }
    if !quiet {
      StandardError.write(
        "\(verdict); \(fixed(running.seconds, decimals: 2)) s, "
          + "model loaded in \(fixed(loading.seconds, decimals: 2)) s\n")
    }
  }
}

/// What `clebsch relax --cell` may change of the cell.
enum CellChange: String, ExpressibleByArgument, CaseIterable {
  case full, hydrostatic
  case constantVolume = "constant-volume"
}

extension RelaxationSettings.Optimizer: ExpressibleByArgument {}

extension LocatedFrame {
  /// The frame with relaxed positions and cell, and the results there.
  fileprivate func relaxed(_ relaxation: Relaxation) -> ExtendedXYZFrame {
    var frame = frame
    frame.positions = relaxation.structure.positions
    frame.cell = relaxation.structure.cell?.vectors ?? frame.cell
    for key in ["free_energy", "stress", "virial"] { frame.info[key] = nil }
    frame.info["energy"] = .real(relaxation.energy)
    frame.info["converged"] = .bool(relaxation.isConverged)
    if let v = relaxation.evaluation.stress {
      frame.info["stress"] = .matrix(
        [SIMD3(v[0], v[5], v[4]), SIMD3(v[5], v[1], v[3]), SIMD3(v[4], v[3], v[2])])
    }
    for key in ["velocities", "momenta"] { frame.properties[key] = nil }
    frame.properties["forces"] = ExtendedXYZProperty(vectors: relaxation.evaluation.forces)
    return frame
  }
}
