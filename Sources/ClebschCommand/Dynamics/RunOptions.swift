import ArgumentParser
import Clebsch

/// What `clebsch md` is to run. What is left out has its default, or, resuming, its former value.
struct RunOptions: ParsableArguments {
  @Option(help: "What is held: nve, nvt or npt; nve by default.")
  var ensemble: EnsembleName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The temperature: that is held (nvt, npt), and of the velocities that are drawn.",
      valueName: "K"))
  var temperature: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The time step; 1 by default.", valueName: "fs"))
  var timestep: Double?

  @Option(parsing: .unconditional, help: "Time steps in all, those before a checkpoint included.")
  var steps: Int?

  @Option(parsing: .unconditional, help: "The seed of all random numbers; 0 by default.")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "The frame of the structure file, counted from 0; -1 is the last.")
  var frame = 0

  @Flag(help: "Draw velocities at --temperature even where the file holds some.")
  var newVelocities = false

  @Option(
    help: ArgumentHelp(
      "Atoms that do not move, such as 0,3,8-11; those of a column 'move_mask' that is F are too.",
      valueName: "atoms"))
  var fix: AtomList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Remove the motion of the centre of mass after every so many steps.", valueName: "steps"))
  var removeDriftEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Keep the neighbour list while atoms move less than half of this beyond the cutoff; for models \
      that come with Clebsch, with 0.5 by default.
      """, valueName: "Å"))
  var skin: Double?

  /// Whether anything is asked for that a checkpoint knows already.
  var namesSettings: Bool {
    ensemble != nil || temperature != nil || timestep != nil || seed != nil
      || removeDriftEvery != nil || skin != nil
  }

  func validate(isResuming: Bool) throws {
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("'--temperature \(temperature)': expected a number from 0 K.")
    }
    if let timestep, !(timestep > 0 && timestep.isFinite) {
      throw ValidationError("'--timestep \(timestep)': expected a time above 0 fs.")
    }
    if let steps, steps < 0 {
      throw ValidationError("'--steps \(steps)': expected a number of steps, from 0.")
    }
    if steps == nil, !isResuming { throw ValidationError("Missing expected option '--steps'.") }
    if let removeDriftEvery, removeDriftEvery < 0 {
      throw ValidationError(
        "'--remove-drift-every \(removeDriftEvery)': expected a number of steps, from 0.")
    }
    if let skin, !(skin >= 0 && skin <= 10) {
      throw ValidationError("'--skin \(skin)': expected a length from 0 to 10 Å.")
    }
    if newVelocities, temperature == nil {
      throw ValidationError("'--new-velocities' needs '--temperature'.")
    }
    if let ensemble, ensemble != .nve, temperature == nil {
      throw ValidationError("'--ensemble \(ensemble.rawValue)' needs '--temperature'.")
    }
  }
}

enum EnsembleName: String, ExpressibleByArgument, CaseIterable { case nve, nvt, npt }

/// Atoms counted from 0, written as numbers and ranges with commas between them.
struct AtomList: ExpressibleByArgument {
  let atoms: Set<Int>

  init?(argument: String) {
    var atoms: Set<Int> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2,
        first >= 0, last >= first, last - first < 1_000_000
      else { return nil }
      atoms.formUnion(first...last)
    }
    self.atoms = atoms
  }
}
