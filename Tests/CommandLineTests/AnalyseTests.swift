import Clebsch
import Foundation
import TestSupport
import Testing

@Suite("clebsch analyse", .serialized)
struct AnalyseTests {
  private let mixture =
    "\(Repository.path)/Tests/TrajectoryAnalysisTests/Fixtures/mixture.extxyz"

  @Test("prints a table and writes a page and CSV files, whole, beside each other")
  func report() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["analyse", mixture, "-o", "report.html", "--bond-cutoff", "3"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for word in ["mixture: Na5Cl7, 12 atoms, 24 frames", "Temperature", "K", "First peak of g(r)"] {
      #expect(run.output.contains(word), "\(word)")
    }
    let tables = ["adf", "cell", "msd", "rdf", "summary", "thermodynamics", "vacf", "vdos"]
    #expect(
      try folder.contents() == (tables.map { "report.\($0).csv" } + ["report.html"]).sorted())
    let headers = [
      "rdf": "trajectory,pair,r_A,g,g_error,coordination,coordination_reverse",
      "msd": "trajectory,element,lag_fs,msd_A2",
      "vdos": "trajectory,element,frequency_THz,wavenumber_per_cm,vdos_per_THz",
      "summary": "trajectory,quantity,of,value,error",
    ]
    for (table, header) in headers {
      let text = try String(contentsOfFile: folder.file("report.\(table).csv"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines[0] == header)
      #expect(lines.count > 10)
      let count = header.split(separator: ",").count
      #expect(
        lines.allSatisfy {
          $0.split(separator: ",", omittingEmptySubsequences: false).count == count
        })
    }
    let page = try String(contentsOfFile: folder.file("report.html"), encoding: .utf8)
    // Nothing comes from elsewhere: no address but the names of XML.
    let addresses = page.ranges(of: /(https?:)?\/\/[a-z0-9.]+\.[a-z]+/).map { String(page[$0]) }
    #expect(Set(addresses).subtracting(["http://www.w3.org"]).isEmpty, "\(Set(addresses))")
    #expect(!page.contains("<link") && !page.contains("@import") && !page.contains(" src="))
    #expect(page.contains("</html>"))
  }

  @Test("--json prints an object a number, the same numbers as the table of the report")
  func json() throws {
    struct Record: Decodable {
      let trajectory: String
      let quantity: String
      let of: String?
      let value: Double
      let error: Double?
    }
    let run = try CommandRun(["analyse", mixture, "--json", "--quiet", "--cutoff", "5"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let records = try run.outputLines.map {
      try JSONDecoder().decode(Record.self, from: Data($0.utf8))
    }
    var options = AnalysisOptions()
    options.radialCutoff = 5
    let numbers = try TrajectoryObservables(contentsOf: mixture, options: options).keyNumbers
    #expect(records.map(\.quantity) == numbers.map(\.quantity))
    #expect(records.map(\.of) == numbers.map(\.subject))
    #expect(records.map(\.value) == numbers.map(\.value))
    #expect(records.map(\.error) == numbers.map(\.error))
  }

  @Test("several trajectories are compared with the first")
  func comparison() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      [
        "analyse", mixture, mixture, "--name", "one", "--name", "two", "-o", "both.html", "--json",
      ], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let compared = run.outputLines.filter { $0.contains("\"compared_with\":\"one\"") }
    #expect(compared.contains { $0.contains("rdf_difference_A") && $0.contains("\"value\":0,") })
    #expect(compared.contains { $0.contains("temperature_difference_K") })
    let page = try String(contentsOfFile: folder.file("both.html"), encoding: .utf8)
    #expect(page.contains("two compared with one"))
  }

  @Test("a log decides about temperature, and what goes wrong in it names its line")
  func logs() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "step,time_fs,temperature_K\n0,100,250\n1,110,270\n2,120,260\n", as: "good.csv")
    _ = try folder.write("step,time_fs,temperature_K\n0,100,250\n1,110\n", as: "bad.csv")
    let good = try CommandRun(["analyse", mixture, "--log", "good.csv", "--json"], in: folder.path)
    #expect(good.output.contains("\"quantity\":\"temperature_K\",\"of\":null,\"value\":260,"))
    expectFailure(
      try CommandRun(["analyse", mixture, "--log", "bad.csv"], in: folder.path), status: 65,
      "bad.csv, line 3", "3 numbers")
    expectFailure(
      try CommandRun(["analyse", mixture, "--log", "none.csv"], in: folder.path), status: 66,
      "none.csv")
  }

  @Test("bad input and bad options are told with what was expected")
  func failures() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("1\n\nH 0 0 0\n2\n\nH 0 0 0\nH 0 0 1\n", as: "growing.extxyz")
    expectFailure(
      try CommandRun(["analyse", "growing.extxyz"], in: folder.path), status: 65,
      "growing.extxyz, line 4", "frame 1", "same atoms")
    expectFailure(try CommandRun(["analyse", "nowhere.extxyz"]), status: 66, "nowhere.extxyz")
    expectFailure(
      try CommandRun(["analyse", mixture, "-o", "/no/such/folder/r.html"]), status: 73, "/no/such")
    expectFailure(
      try CommandRun(["analyse", mixture, "--skip", "24"]), status: 65, "no frame 24")
    for (options, phrase) in [
      (["--cutoff", "-1"], "--cutoff"), (["--every", "0"], "--every 0"),
      (["--fit-from", "5"], "--fit-to"), (["--fit-from", "5", "--fit-to", "4"], "not less"),
      (["--name", "a", "--name", "b"], "--name"), (["--log", "a", "--log", "b"], "--log"),
    ] {
      expectFailure(try CommandRun(["analyse", mixture] + options), status: 64, phrase)
    }
  }
}
