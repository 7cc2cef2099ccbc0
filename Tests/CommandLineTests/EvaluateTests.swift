import Clebsch
import Foundation
import TestSupport
import Testing

@Suite("clebsch evaluate", .serialized)
struct EvaluateTests {
  private let model = Repository.smallModel

  @Test("prints a table with a row a frame, and the speed on standard error")
  func table() throws {
    let run = try CommandRun(
      ["evaluate", model, Repository.example("benzene"), Repository.example("ice-xi")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.outputLines.count == 3)
    #expect(run.outputLines.dropFirst().map { $0.prefix { $0 != " " } } == ["benzene", "ice-xi"])
    #expect(run.errors.contains("µs an atom"))
    for word in ["2 structures", "36 atoms", "edges", "cutoff 3.5", "single", "first call"] {
      #expect(run.errors.contains(word), "\(word)")
    }
  }

  @Test("--quiet leaves standard error empty")
  func quiet() throws {
    let run = try CommandRun(["evaluate", model, Repository.example("ethanol"), "--quiet"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(!run.output.isEmpty)
  }

  @Test("the output file holds the results in ASE's keys and keeps what the input held")
  func outputFile() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(
      """
      3
      Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:tag:I:1 name=wet charge=2 \
      stress="9 9 9 9 9 9 9 9 9" pbc="T T T"
      O 0.1 0.2 0.3 7
      H 0.9 0.2 0.9 8
      H -0.6 0.2 0.9 9
      2
      Properties=species:S:1:pos:R:3 free_energy=1.5 stress="9 9 9 9 9 9 9 9 9"
      C 0 0 0
      O 1.1 0.1 0

      """, as: "in.extxyz")
    let output = folder.file("out.extxyz")
    let run = try CommandRun(["evaluate", model, input, "-o", output, "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let frames = try ExtendedXYZReader.frames(contentsOf: output)
    let records = try run.outputLines.map {
      try JSONDecoder().decode(Record.self, from: Data($0.utf8))
    }
    #expect(frames.count == 2)
    #expect(records.count == 2)
    #expect(frames[0].info["name"]?.stringValue == "wet")
    #expect(frames[0].info["charge"] == .integer(2))
    #expect(frames[0].properties["tag"]?.values == .integers([7, 8, 9]))
    #expect(frames[0].positions[2] == SIMD3(-0.6, 0.2, 0.9))
    #expect(frames[1].info["stress"] == nil)
    #expect(frames[1].info["free_energy"] == nil)
    for (frame, record) in zip(frames, records) {
      #expect(frame.info["energy"]?.realValue == record.energy)
      let forces = try #require(frame.properties["forces"]?.vectors)
      #expect(forces.map { [$0.x, $0.y, $0.z] } == record.forces)
      #expect(forces.contains { $0 != .zero })
      // No force from outside: forces cancel but for rounding, some ten terms below 1 eV/Å each.
      let total = forces.reduce(SIMD3<Double>.zero, +)
      #expect(max(total.max(), -total.min()) < 10 * Double(Float.ulpOfOne))
    }
    let stress = try #require(frames[0].info["stress"]?.matrixValue)
    let voigt = try #require(records[0].stress)
    #expect(
      [stress[0].x, stress[1].y, stress[2].z, stress[1].z, stress[0].z, stress[0].y] == voigt)
    #expect(stress[1].z == stress[2].y && stress[0].z == stress[2].x && stress[0].y == stress[1].x)
    #expect(records[1].stress == nil)
  }

  @Test("the size of a batch changes nothing but rounding")
  func batches() throws {
    let folder = try TemporaryFolder()
    let files = ["benzene", "ethanol", "water", "ice-xi"].map(Repository.example)
    var energies: [[Double]] = []
    for batch in ["1", "3", "100"] {
      let output = folder.file("out-\(batch).extxyz")
      let run = try CommandRun(
        ["evaluate", model] + files + ["-o", output, "--batch", batch])
      #expect(run.status == 0, "\(run.errors)")
      energies.append(
        try ExtendedXYZReader.frames(contentsOf: output).compactMap { $0.info["energy"]?.realValue }
      )
    }
    #expect(energies[0].count == files.count)
    // Sums over at most 24 atoms in single precision.
    let tolerance = 24 * Double(Float.ulpOfOne)
    expectClose(energies[1], energies[0], tolerance: tolerance)
    expectClose(energies[2], energies[0], tolerance: tolerance)
  }

  @Test("double precision agrees with single to rounding")
  func precisions() throws {
    let records = try ["single", "double"].map { precision in
      let run = try CommandRun(
        ["evaluate", model, Repository.example("water"), "--precision", precision, "--json"])
      return try JSONDecoder().decode(Record.self, from: Data(run.output.utf8))
    }
    #expect(records[0].energy != records[1].energy)
    expectClose(
      records[0].energy, records[1].energy, tolerance: 100 * Double(Float.ulpOfOne))
  }

  @Test("--forces prints every atom's force and the stress")
  func forces() throws {
    let run = try CommandRun(["evaluate", model, Repository.example("ice-xi"), "--forces"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("stress eV/Å³: xx "))
    #expect(run.outputLines.count > 26)
  }

  @Test("explain lists the kernels of a structure's plan")
  func explain() throws {
    let run = try CommandRun(["explain", model, Repository.example("ethanol")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("kernels"))
  }

  @Test("explain lists a forecaster's kernels, and their times where they are measured")
  func explainForecaster() throws {
    let words = ["explain", "silicon-10fs", Repository.example("silicon-64")]
    let plan = try CommandRun(words)
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("contraction"))
    let measured = try CommandRun(words + ["--measure", "2"])
    #expect(measured.output.contains("all kernels together"), "\(measured.errors)")
    expectFailure(try CommandRun(words + ["--modality", "PBE"]), status: 64, "--modality")
  }

  @Test("explain prints the text of one kernel")
  func explainKernel() throws {
    let words = ["explain", "silicon", Repository.example("silicon-64")]
    let plan = try CommandRun(words)
    let row = try #require(plan.outputLines.first { $0.hasSuffix("contraction → out") })
    let number = try #require(row.split(separator: " ").first)
    let text = try CommandRun(words + ["--kernel", "\(number)"])
    #expect(text.output.contains("// A work-item computes"))
    #expect(text.output.contains("__kernel void contraction("))
    expectFailure(try CommandRun(words + ["--kernel", "9999"]), status: 64, "9999", "kernels 0 to")
    expectFailure(
      try CommandRun(words + ["--kernel", "1", "--measure", "2"]), status: 64, "--kernel")
  }
}

/// The parts of a line of JSON that are compared; the decoder reads numbers exactly.
private struct Record: Decodable {
  private enum CodingKeys: String, CodingKey {
    case energy = "energy_eV"
    case forces = "forces_eV_per_A"
    case stress = "stress_eV_per_A3"
  }

  let energy: Double
  let forces: [[Double]]
  let stress: [Double]?
}
