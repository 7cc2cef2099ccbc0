import Clebsch

@main
enum Forces {
  static func main() throws {
    let potential = try Potential(contentsOf: "../../Models/checkpoint_sevennet_0.pth")
    var frames = try ExtendedXYZReader(path: "../structures/quartz.extxyz")
    while let frame = try frames.next() {
      let result = try potential.evaluate([AtomicStructure(frame)])[0]
      print("energy \(result.energy) eV, stress \(result.stress ?? []) eV/Å³")
      for (symbol, force) in zip(frame.species, result.forces) { print(symbol, force) }
    }
  }
}
