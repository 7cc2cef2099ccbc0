/// How a structure is relaxed.
public struct RelaxationSettings: Sendable, Hashable {
  /// The method that decides on steps.
  public enum Optimizer: String, Sendable, Hashable, CaseIterable {
    /// Fast inertial relaxation engine (Bitzek et al., Physical Review Letters 97, 170201, 2006).
    case fire
    /// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno. Fewer evaluations near
    /// a minimum.
    case lbfgs
  }

  public var optimizer: Optimizer
  /// The relaxation is done when no atom's force is larger, eV/Å.
  public var forceLimit: Double
  /// How the cell changes; nil keeps it.
  public var cell: CellFreedom?
  /// The pressure from outside, eV/Å³; with a cell that changes, the enthalpy E + P₀V is minimised.
  public var pressure: Double
  /// With a cell that changes, no component of stress and pressure may be larger, eV/Å³.
  public var stressLimit: Double
  public var iterationLimit: Int

  /// - Parameter stressLimit: by default 0.01 GPa.
  public init(
    _ optimizer: Optimizer = .lbfgs, forceLimit: Double = 0.01, cell: CellFreedom? = nil,
    pressure: Double = 0, stressLimit: Double = 0.01 * DynamicsUnits.gigapascal,
    iterationLimit: Int = 1000
  ) {
    self.optimizer = optimizer
    self.forceLimit = forceLimit
    self.cell = cell
    self.pressure = pressure
    self.stressLimit = stressLimit
    self.iterationLimit = iterationLimit
  }
}

/// Which changes of the cell a relaxation may make.
public struct CellFreedom: Sendable, Hashable {
  /// Whether the shape is kept and the volume changes.
  public var isHydrostatic: Bool
  /// Whether the volume is kept and the shape changes.
  public var keepsVolume: Bool
  /// xx, yy, zz, yz, xz, xy: which components of the stress may change the cell.
  public var components: [Bool]

  public init(
    isHydrostatic: Bool = false, keepsVolume: Bool = false,
    components: [Bool] = [Bool](repeating: true, count: 6)
  ) {
    precondition(components.count == 6, "cell: \(components.count) components, expected 6")
    self.isHydrostatic = isHydrostatic
    self.keepsVolume = keepsVolume
    self.components = components
  }

  /// All lengths and angles.
  public static let full = CellFreedom()
  /// The volume alone.
  public static let hydrostatic = CellFreedom(isHydrostatic: true)
}
