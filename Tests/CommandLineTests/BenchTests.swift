import Clebsch
import Foundation
import TestSupport
import Testing

@Suite("clebsch bench, doctor and tune", .serialized)
struct BenchTests {
  private func objects(_ run: CommandRun) throws -> [[String: Any]] {
    try run.outputLines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("bench --json has the keys of the contract, and rates that follow from them")
  func bench() throws {
    let run = try CommandRun(["bench", "gemm/1536x64x128", "--runs", "2", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let record = try #require(try objects(run).first)
    #expect(record["name"] as? String == "gemm/1536x64x128")
    #expect(record["runs"] as? Int == 2)
    #expect(record["device"] as? String == (try Device.select().description.name))
    let seconds = try #require(record["seconds"] as? Double)
    let median = try #require(record["median_seconds"] as? Double)
    #expect(seconds > 0 && median >= seconds)
    let operations = try #require(record["operations"] as? Int)
    #expect(operations == 2 * 1536 * 64 * 128)
    let rate = try #require(record["GFLOP_per_second"] as? Double)
    #expect(abs(rate - Double(operations) / seconds / 1e9) < 1e-9 * rate)
    #expect(record["fma_fraction"] is Double && record["copy_fraction"] is Double)
  }

  @Test("bench shows the device's limits above its rows, and names what it skips")
  func table() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["bench", "si64", "--runs", "1"], environment: ["CLEBSCH_MODELS": folder.path])
    #expect(run.status == 0)
    #expect(run.output.contains("limits measured now: copy"))
    #expect(run.errors.contains("potential/7net-0/si64: skipped"))
    let list = try CommandRun(["bench", "harmonics", "--list"])
    #expect(list.outputLines.count == 4)
  }

  @Test("a benchmark or a parameter that is not there is named, with the nearest")
  func unknown() throws {
    expectFailure(
      try CommandRun(["bench", "gemm/1024x1024x1042"]), status: 64, "gemm/1024x1024x1042",
      "did you mean 'gemm/1024x1024x1024'?")
    expectFailure(
      try CommandRun(["tune", "fused.grup"]), status: 64, "fused.grup",
      "did you mean 'fused.group'?")
    expectFailure(try CommandRun(["bench", "--runs", "0"]), status: 64, "--runs 0")
  }

  @Test("tune lists what can be tuned")
  func tune() throws {
    let run = try CommandRun(["tune", "--list"])
    #expect(run.status == 0)
    #expect(run.outputLines.map(String.init) == Tuning.parameters(of: try Device.select()))
  }

  @Test("doctor finds every kernel family right, remembers it, and says what a model runs")
  func doctor() throws {
    let run = try CommandRun(["doctor", Repository.smallModel, "--json"])
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    let records = try objects(run)
    #expect(records.contains { $0["check"] as? String == "device" })
    let families = records.filter {
      $0["check"] as? String == "kernels" && $0["device"] as? String != nil
    }
    #expect(
      // CLBlast is checked where it may be used.
      Set(families.compactMap { $0["family"] as? String }).union(["clblast"])
        == Set(KernelFamily.allCases.map(\.rawValue)))
    #expect(families.allSatisfy { $0["agrees"] as? Bool == true })
    let shares = records.filter { $0["check"] as? String == "model" }
    #expect(shares.contains { $0["family"] as? String == "contraction" })

    let again = try CommandRun(["doctor"])
    #expect(again.status == 0)
    #expect(again.output.contains("(remembered, "))
    #expect(again.output.hasSuffix("all is well\n"))
  }

  @Test("a kernel family that was found wrong is refused by name, with exit code 69")
  func refused() throws {
    let folder = try TemporaryFolder()
    var options = ContextOptions()
    options.recordFolder = folder.path + "/devices"
    let context = try Context(device: try Device.select(), options: options)
    context.updateRecord {
      $0[.contraction] = KernelVerdict(
        agrees: false, finding: "sums are off by 3", sources: "", date: "2026-11-24")
    }
    let environment = ["CLEBSCH_CACHE": folder.path]
    expectFailure(
      try CommandRun(
        ["evaluate", Repository.smallModel, Repository.example("ethanol")],
        environment: environment),
      status: 69, "'contraction' kernels are refused", "sums are off by 3")
  }
}
