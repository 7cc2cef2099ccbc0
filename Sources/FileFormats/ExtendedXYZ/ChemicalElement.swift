/// The chemical elements by symbol and atomic number.
public enum ChemicalElement {
  /// The symbol of an atomic number from 1 to 118; "X" for 0, the placeholder that ASE uses.
  public static func symbol(ofAtomicNumber number: Int) -> String? {
    symbols.indices.contains(number) ? symbols[number] : nil
  }

  /// The atomic number of a symbol as it is usually written ("Si"); 0 for "X".
  public static func atomicNumber(ofSymbol symbol: String) -> Int? {
    numbers[symbol]
  }

  private static let symbols = """
    X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se \
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy \
    Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf \
    Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  private static let numbers = Dictionary(
    uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
}
