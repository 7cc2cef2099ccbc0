import FileFormats
import Foundation
import FoundationXML
import TestSupport
import Testing
import TrajectoryAnalysis

@Suite("The report")
struct ReportTests {
  private func observables(_ name: String? = nil) throws -> TrajectoryObservables {
    var options = AnalysisOptions()
    options.radialCutoff = 5
    return try TrajectoryObservables(
      contentsOf: Fixture.path("mixture.extxyz"), name: name, options: options)
  }

  /// The plots of a page, each as text.
  private func charts(_ page: String) -> [Substring] {
    page.split(separator: "<svg class=\"chart\"", omittingEmptySubsequences: false).dropFirst()
      .map { part in
        let end = part.range(of: "</svg>")?.upperBound ?? part.endIndex
        return "<svg class=\"chart\"" + part[..<end]
      }
  }

  @Test("every plot is well-formed and its curves are where their values are")
  func plots() throws {
    let observables = try observables()
    let page = AnalysisReport([observables]).html
    let charts = charts(page)
    #expect(charts.count >= 8)
    for chart in charts {
      let parser = XMLParser(data: Data(chart.utf8))
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    let radial = try #require(observables.radialDistribution)
    let chart = try #require(charts.first { $0.contains("aria-label=\"Radial distribution\"") })
    let frame = try #require(chart.firstMatch(of: /data-frame="([^"]*)"/)).1
      .split(separator: " ").compactMap { Double($0) }
    #expect(frame.count == 8)
    let (left, right, top, bottom) = (frame[0], frame[1], frame[2], frame[3])
    let (x0, x1, y0, y1) = (frame[4], frame[5], frame[6], frame[7])
    let curves = chart.matches(of: /data-label="([^"]*)" points="([^"]*)"/)
    #expect(curves.map { String($0.1) } == radial.pairs.map(\.label))
    for (curve, pair) in zip(curves, radial.pairs) {
      let points = curve.2.split(separator: " ").map { point in
        point.split(separator: ",").compactMap { Double($0) }
      }
      #expect(points.count == pair.values.count)
      for (point, (r, g)) in zip(points, zip(radial.radii, pair.values)) {
        // Coordinates are rounded to hundredths.
        #expect(abs(point[0] - (left + (r - x0) / (x1 - x0) * (right - left))) < 0.006)
        #expect(abs(point[1] - (bottom - (g - y0) / (y1 - y0) * (bottom - top))) < 0.006)
        #expect(point[1] >= top - 0.006 && point[1] <= bottom + 0.006)
      }
    }
  }

  @Test("the structure in the page is that of the file")
  func structure() throws {
    struct Structure: Decodable {
      struct Element: Decodable { let symbol: String }
      let elements: [Element]
      let kinds: [Int]
      let cells: [[Double]]
      let times: [Double]
      let low: Double
      let step: Double
      let positions: String
    }
    let page = AnalysisReport([try observables()]).html
    let json = try #require(page.firstMatch(of: /id="structures">(.*?)<\/script>/)).1
    let structure = try #require(
      try JSONDecoder().decode([Structure].self, from: Data(json.utf8)).first)
    let frames = try ExtendedXYZReader.frames(contentsOf: Fixture.path("mixture.extxyz"))
    #expect(structure.kinds.map { structure.elements[$0].symbol } == frames[0].species)
    #expect(structure.times.count == frames.count && structure.times[1] == 102)
    let bytes = try #require(Data(base64Encoded: structure.positions))
    let numbers = stride(from: 0, to: bytes.count, by: 2).map { index in
      structure.low
        + structure.step * Double(UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
    }
    #expect(numbers.count == 3 * 12 * frames.count)
    #expect(structure.step < 1e-3)
    for (index, frame) in frames.enumerated() {
      let cell = try #require(frame.cell)
      expectClose(
        structure.cells[index], cell.flatMap { [$0.x, $0.y, $0.z] }, tolerance: 1e-4,
        relativeTo: 1)
      let box = box(cell[0], cell[1], cell[2])
      for (atom, position) in frame.positions.enumerated() {
        let first = 3 * (12 * index + atom)
        let shown = SIMD3(numbers[first], numbers[first + 1], numbers[first + 2])
        // The same up to whole lattice vectors, to half a step in each coordinate.
        let difference = box.unwrapped(shown - position)
        #expect((difference * difference).sum().squareRoot() < structure.step)
      }
    }
  }

  @Test("names of files cannot become part of the page, or another column of a table")
  func escaping() throws {
    let name = "a</script><b>\"x\", &y"
    let report = AnalysisReport([try observables(name), try observables("plain")])
    let page = report.html
    #expect(!page.contains("<b>\""))
    #expect(!page.contains("a</script>"))
    #expect(page.contains("a&lt;/script&gt;&lt;b&gt;&quot;x&quot;, &amp;y"))
    let table = try #require(report.csvTables.first { $0.name == "msd" }).text
    #expect(table.contains("\n\"a</script><b>\"\"x\"\", &y\",all,0.0,0.0\n"))
  }

  @Test("a trajectory differs from itself by nothing, and from another by what it differs")
  func comparisons() throws {
    let observables = try observables()
    for number in observables.comparison(with: observables) {
      if number.quantity == "diffusion_ratio" {
        #expect(number.value == 1)
      } else if number.quantity != "rdf_difference_noise_A" {
        #expect(number.value == 0, "\(number)")
      }
    }
    // The same crystal, stretched by 2 %: its peak moves by as much.
    let folder = try TemporaryFolder()
    func crystal(_ side: Double) throws -> TrajectoryObservables {
      let (positions, box) = faceCentredCubic(side, repeats: 2)
      let frame = ExtendedXYZFrame(
        species: [String](repeating: "Cu", count: positions.count), positions: positions,
        cell: box.vectors)
      return try TrajectoryObservables(contentsOf: write([frame], in: folder))
    }
    let numbers = try crystal(4.08).comparison(with: crystal(4))
    let shift = try #require(numbers.first { $0.quantity == "rdf_peak_shift_A" })
    expectClose(shift.value, 0.08 / 2.0.squareRoot(), tolerance: 0.021, relativeTo: 1)
    let difference = try #require(numbers.first { $0.quantity == "rdf_difference_A" })
    // Disjoint peaks: the sum of both integrals of g.
    let both = try [4.08, 4].map { side in
      let pair = try #require(try crystal(side).radialDistribution).pairs[0]
      return pair.values.reduce(0, +) * 0.02
    }
    expectClose(difference.value, both[0] + both[1], tolerance: 1e-12)
    let fraction = try #require(numbers.first { $0.quantity == "rdf_difference_relative" })
    expectClose(fraction.value, (both[0] + both[1]) / both[1], tolerance: 1e-12)
  }

  @Test("numbers are written to the digits that are known")
  func numbers() {
    #expect(NumberText.measured(1966.48, error: 12.77) == "1966 ± 13")
    #expect(NumberText.measured(-0.01234, error: 0.00056) == "−0.01234 ± 0.00056")
    #expect(NumberText.measured(12.34567, error: nil, digits: 3) == "12.3")
    #expect(NumberText.measured(12.000001, error: 1e-7, greatestDecimals: 3) == "12.000")
    #expect(NumberText.measured(.nan, error: 1) == "–")
    #expect(NumberText.significant(0.0000123456, digits: 4) == "1.23 · 10⁻⁵")
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-1.25, decimals: 1) == "−1.2")
  }

  @Test("ticks are round numbers that hold the range")
  func ticks() {
    let loose = AxisTicks(0.3...9.7, count: 5, isTight: false)
    #expect(loose.values == [0, 2, 4, 6, 8, 10])
    #expect(loose.labels == ["0", "2", "4", "6", "8", "10"])
    #expect(loose.range == 0...10)
    let tight = AxisTicks(0...4.1, count: 8, isTight: true, step: 0.5)
    #expect(tight.range == 0...4.1)
    #expect(tight.labels.last == "4.0")
    let quarter = AxisTicks(0...1, count: 4, isTight: false)
    #expect(quarter.labels == ["0.00", "0.25", "0.50", "0.75", "1.00"])
    // A constant has a range, too.
    let constant = AxisTicks(300...300, count: 5, isTight: false)
    #expect(constant.range.contains(300) && constant.values.count >= 2)
  }

  @Test("thinning keeps the ends and the extremes of every column")
  func thinning() {
    var points = (0..<10_000).map { SIMD2(Double($0), 0.0) }
    points[4321].y = 7
    points[8765].y = -3
    let thin = points.thinned(columns: 100)
    #expect(thin.count <= 404)
    #expect(thin.first == points.first && thin.last == points.last)
    #expect(thin.contains(points[4321]) && thin.contains(points[8765]))
    #expect(thin == thin.sorted { $0.x < $1.x })
  }
}
