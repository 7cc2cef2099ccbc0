/// The symbols of the elements, by atomic number.
public enum ChemicalElement {
  /// Symbols of the elements 1 to 118; place 0 holds "X", an atom that is none.
  public static let symbols: [String] =
    """
    X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se \
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy \
    Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf \
    Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  private static let numbers = Dictionary(
    uniqueKeysWithValues: zip(symbols, symbols.indices).dropFirst())

  /// The atomic number of a symbol such as "Si", or nil when there is no such element.
  public static func atomicNumber(of symbol: String) -> Int? { numbers[symbol] }

  /// The symbol of an atomic number, or "element 119" beyond the table.
  public static func symbol(of atomicNumber: Int) -> String {
    symbols.indices.contains(atomicNumber) && atomicNumber > 0
      ? symbols[atomicNumber] : "element \(atomicNumber)"
  }
}
