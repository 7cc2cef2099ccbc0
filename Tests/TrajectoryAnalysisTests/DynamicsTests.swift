import FileFormats
import Foundation
import TestSupport
import Testing
import TrajectoryAnalysis

@Suite("Displacements, velocities and spectra")
struct DynamicsTests {
  @Test("free flight gives ⟨v²⟩t², with the motion of the centre of mass taken out")
  func ballistic() throws {
    let velocities = [SIMD3(0.01, -0.02, 0.03), SIMD3(-0.02, 0.01, 0.05), SIMD3(0.04, 0, -0.01)]
    let symbols = ["O", "H", "H"]
    let masses = [15.999, 1.008, 1.008]
    let drift = zip(masses, velocities).reduce(SIMD3<Double>.zero) { $0 + $1.0 * $1.1 } / 18.015
    let box = cube(5)
    let frames = (0..<200).map { step in
      let positions = velocities.enumerated().map { atom, v in
        SIMD3(Double(atom), 1, 2) + v * (2 * Double(step))
      }
      // Wrapped into the cell: the analysis has to find the way back.
      let wrapped = positions.map { position -> SIMD3<Double> in
        let s = box.fractional(position)
        return box.cartesian(s - s.rounded(.down))
      }
      return ExtendedXYZFrame(
        species: symbols, positions: wrapped, cell: box.vectors,
        info: ["time_fs": .real(2 * Double(step))],
        properties: ["velocities": ExtendedXYZProperty(vectors: velocities)])
    }
    let folder = try TemporaryFolder()
    let result = try TrajectoryObservables(contentsOf: write(frames, in: folder))
    let displacement = try #require(result.meanSquareDisplacement)
    #expect(displacement.curves.map(\.label) == ["all", "O", "H"])
    #expect(displacement.lags.count == 101)
    for (curve, members) in zip(displacement.curves, [[0, 1, 2], [0], [1, 2]]) {
      let square =
        members.reduce(0) { sum, atom in
          let v = velocities[atom] - drift
          return sum + (v * v).sum()
        } / Double(members.count)
      // Coordinates up to 20 Å and sums over 200 origins, relative to the largest value.
      expectClose(curve.values, displacement.lags.map { square * $0 * $0 }, tolerance: 1e-11)
      expectClose(try #require(curve.diffusion?.exponent), 2, tolerance: 1e-8)
    }
    // Velocities that do not change are never forgotten.
    let correlation = try #require(result.velocityAutocorrelation)
    for curve in correlation.curves {
      expectClose(curve.values, curve.values.map { _ in 1 }, tolerance: 1e-12)
    }
  }

  @Test("a random walk diffuses as its steps say, within the error that is printed")
  func randomWalk() throws {
    var random = SeededGenerator(seed: 2)
    let (count, steps, length, interval) = (64, 2000, 0.1, 10.0)
    var accumulator = MeanSquareDisplacementAccumulator(
      atoms("Ar", count), frameCount: steps)
    for atom in 0..<count {
      for _ in 0..<3 {
        var x = 0.0
        accumulator.add(
          (0..<steps).map { _ in
            x += length * random.normal()
            return x
          }, ofAtom: atom)
      }
    }
    let result = accumulator.result(interval: interval)
    // ⟨Δx²⟩ = 3 σ² a step, so D = σ²/(2 interval).
    let expected = length * length / (2 * interval)
    let diffusion = try #require(result.curves[0].diffusion)
    let error = try #require(diffusion.error)
    #expect(abs(diffusion.coefficient - expected) < 4 * error)
    // The variance of such a slope is about that of D over the number of independent
    // displacements of the fitted length: 3·64 coordinates, 2000/400 of them each.
    #expect(error < 0.2 * expected && error > 0.003 * expected)
    expectClose(try #require(diffusion.exponent), 1, tolerance: 0.1)
    expectClose(result.curves[0].values[1], 3 * length * length, tolerance: 0.01)
  }

  @Test("displacements and correlations by Fourier transforms equal the direct sums")
  func directSums() throws {
    var random = SeededGenerator(seed: 8)
    for length in [2, 3, 16, 57] {
      var accumulator = MeanSquareDisplacementAccumulator(atoms("Ar", 3), frameCount: length)
      var velocities = VelocityAutocorrelationAccumulator(
        atoms("Ar", 3, mass: 3), frameCount: length, greatestLag: length - 1)
      var series: [[Double]] = []
      for atom in 0..<3 {
        for _ in 0..<3 {
          // Far from the origin and drifting, which makes direct squares cancel.
          let values = (0..<length).map { 100 + 0.1 * Double($0) + random.normal() }
          series.append(values)
          accumulator.add(values, ofAtom: atom)
          velocities.add(values, ofAtom: atom)
        }
      }
      let result = accumulator.result(interval: 1)
      let direct = (0...max(1, length / 2)).map { lag in
        series.reduce(0) { sum, x in
          sum
            + (0..<length - lag).reduce(0) { $0 + pow(x[$1 + lag] - x[$1], 2) }
            / Double(length - lag)
        } / 3
      }
      expectClose(result.curves[0].values, direct, tolerance: 1e-10)
      let found = velocities.result(interval: 1)
      let correlation = try #require(found)
      let products = (0..<length).map { lag in
        series.reduce(0) { sum, x in
          sum + (0..<length - lag).reduce(0) { $0 + x[$1 + lag] * x[$1] } / Double(length - lag)
        }
      }
      expectClose(
        correlation.curves[0].values, products.map { $0 / products[0] }, tolerance: 1e-10)
    }
  }

  @Test("agrees with numpy's direct sums on wrapped positions and ASE's momenta")
  func numpy() throws {
    let fixture = try Fixture.load()
    let result = try TrajectoryObservables(contentsOf: Fixture.path("mixture.extxyz"))
    let displacement = try #require(result.meanSquareDisplacement)
    for curve in displacement.curves {
      expectClose(curve.values, try #require(fixture.msd[curve.label]), tolerance: 1e-10)
    }
    // ASE's unit of time has fifteen digits here.
    let correlation = try #require(result.velocityAutocorrelation)
    for curve in correlation.curves {
      expectClose(curve.values, try #require(fixture.vacf[curve.label]), tolerance: 1e-10)
    }
    let spectrum = try #require(result.spectrum)
    expectClose(spectrum.frequencies, fixture.spectrumFrequencies, tolerance: 1e-12)
    for curve in spectrum.curves {
      expectClose(curve.values, try #require(fixture.spectrum[curve.label]), tolerance: 1e-10)
    }
  }

  @Test("the spectrum of oscillators peaks at their frequencies and has the area 1")
  func oscillators() throws {
    // 12.5 and 31 THz, the light atom the faster one; equal mean energies m ω² A².
    let frequencies = [12.5, 31.0]
    let interval = 2.0
    let frameCount = 3000
    let frames = (0..<frameCount).map { step in
      let time = interval * Double(step)
      var positions: [SIMD3<Double>] = []
      var velocities: [SIMD3<Double>] = []
      for (kind, frequency) in frequencies.enumerated() {
        let omega = 2 * .pi * frequency / 1000
        let mass = kind == 0 ? 15.999 : 1.008
        let amplitude = 0.02 / (omega * mass.squareRoot())
        // Two atoms of each kind in opposite phase keep the centre of mass where it is.
        for sign in [1.0, -1.0] {
          positions.append(SIMD3(sign * amplitude * sin(omega * time), sign * 2, Double(kind)))
          velocities.append(SIMD3(sign * amplitude * omega * cos(omega * time), 0, 0))
        }
      }
      return ExtendedXYZFrame(
        species: ["O", "O", "H", "H"], positions: positions,
        info: ["time_fs": .real(time)],
        properties: ["velocities": ExtendedXYZProperty(vectors: velocities)])
    }
    let folder = try TemporaryFolder()
    let path = try write(frames, in: folder)
    let result = try TrajectoryObservables(contentsOf: path)
    let spectrum = try #require(result.spectrum)
    expectClose(spectrum.resolution, 1 / 3, tolerance: 0.01)
    // A finite stretch of a cosine shifts its own peak by far less than the resolution.
    expectClose(
      spectrum.peaks.sorted(), frequencies, tolerance: 0.02 * spectrum.resolution, relativeTo: 1)
    let step = spectrum.frequencies[1]
    func area(_ curve: VibrationalSpectrum.Curve) -> Double {
      (curve.values.reduce(0, +) - (curve.values[0] + curve.values[curve.values.count - 1]) / 2)
        * step
    }
    expectClose(area(spectrum.curves[0]), 1, tolerance: 1e-12)
    // Elements are shares, and those of these oscillators are equal.
    for curve in spectrum.curves[1...] { expectClose(area(curve), 0.5, tolerance: 0.01) }
    for (curve, frequency) in zip(spectrum.curves[1...], frequencies) {
      let top = try #require(curve.values.indices.max { curve.values[$0] < curve.values[$1] })
      expectClose(spectrum.frequencies[top], frequency, tolerance: step, relativeTo: 1)
    }

    // In little memory the file is read several times, with the same result.
    var options = AnalysisOptions()
    options.memory = frameCount * 48 * 2
    let frugal = try TrajectoryObservables(contentsOf: path, options: options)
    #expect(
      frugal.velocityAutocorrelation?.curves.map(\.values)
        == result.velocityAutocorrelation?.curves.map(\.values))
    #expect(
      frugal.meanSquareDisplacement?.curves.map(\.values)
        == result.meanSquareDisplacement?.curves.map(\.values))
  }
}
