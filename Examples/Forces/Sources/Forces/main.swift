import Clebsch

let potential = try Potential(contentsOf: "../../Models/checkpoint_sevennet_0.pth")
var frames = try ExtendedXYZReader(path: "../structures/quartz.extxyz")
while let frame = try frames.next() {
  let result = try potential.evaluate(AtomicStructure(frame))
  print("energy \(result.energy) eV, stress \(result.stress ?? []) eV/Å³")
  for (symbol, force) in zip(frame.species, result.forces) { print(symbol, force) }
}
