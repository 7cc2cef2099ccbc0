import Benchmarking
import OpenCLRuntime
import TensorGraph
import TestSupport
import Testing

@Suite("Self-checks of kernel families", .serialized)
struct SelfCheckTests {
  /// Options that keep records in a folder of the test's own, and kernels where all tests do.
  private static func options(in folder: TemporaryFolder) -> ContextOptions {
    var options = ContextOptions()
    options.recordFolder = folder.path
    return options
  }

  /// A check that finds what it is told to, of kernels with a given text.
  private static func check(of sources: String, isRight: Bool) -> KernelCheck {
    KernelCheck(.reduction, "a staged check") { _, type in
      KernelCheck.Prepared(sources: sources) {
        var comparison = Comparison()
        comparison.compare(
          [isRight ? 3 : 4], with: [HostSum(3)], roundings: 1, unitRoundoff: type.unitRoundoff,
          "sum")
        return comparison
      }
    }
  }

  @Test("every family agrees with the host here, and is then remembered")
  func agreement() throws {
    let folder = try TemporaryFolder()
    let device = try Device.select()
    let first = try SelfCheck().run(on: device, options: Self.options(in: folder))
    // CLBlast is checked where it may be used.
    let mayUseLibrary = CLBlast.installed != nil && device.description.kind == .gpu
    #expect(
      first.map(\.family) == KernelFamily.allCases.filter { $0 != .clblast || mayUseLibrary })
    for finding in first { #expect(finding.agrees, "\(finding.family): \(finding.text)") }
    #expect(!first.contains { $0.isRemembered })
    let second = try SelfCheck().run(on: device, options: Self.options(in: folder))
    #expect(second.allSatisfy { $0.isRemembered })
    #expect(second.map(\.text) == first.map(\.text))
  }

  @Test("a family that disagrees is refused by name until a check finds it right")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let options = Self.options(in: folder)
    let device = try Device.select()
    let finding = try SelfCheck([Self.check(of: "text", isRight: false)]).run(
      on: device, options: options)[0]
    #expect(!finding.agrees)
    #expect(finding.text.contains("sum[0] is 4.0, expected 3.0"))

    let context = try Context(device: device, options: options)
    let sum = Tensor([1, 2] as [Float]).sum()
    let error = #expect(throws: OpenCLError.self) { try sum.floats(on: context) }
    guard case .kernelFamilyRefused(.reduction, _, finding.text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // Other families work.
    #expect(try exp(Tensor([0] as [Float])).floats(on: context) == [1])

    let cured = try SelfCheck([Self.check(of: "text", isRight: true)]).run(
      on: device, options: options)[0]
    #expect(cured.agrees && !cured.isRemembered)
    let later = try Context(device: device, options: options)
    #expect(try Tensor([1, 2] as [Float]).sum().floats(on: later) == [3])
  }

  @Test("what agreed is checked again when the kernels' text changes, or when that is asked for")
  func sources() throws {
    let folder = try TemporaryFolder()
    let options = Self.options(in: folder)
    let device = try Device.select()
    func isRemembered(_ text: String, anew: Bool = false) throws -> Bool {
      try SelfCheck([Self.check(of: text, isRight: true)]).run(
        on: device, anew: anew, options: options)[0].isRemembered
    }
    #expect(try !isRemembered("one"))
    #expect(try isRemembered("one"))
    #expect(try !isRemembered("one", anew: true))
    #expect(try !isRemembered("two"))
    #expect(try isRemembered("two"))
  }

  @Test("kernels that cannot be built count as wrong")
  func failure() throws {
    let folder = try TemporaryFolder()
    let check = KernelCheck(.harmonics, "a program that does not build") { context, _ in
      KernelCheck.Prepared(sources: "broken") {
        _ = try context.program("kernel void broken(", name: "broken")
        return Comparison()
      }
    }
    let finding = try SelfCheck([check]).run(
      on: try Device.select(), options: Self.options(in: folder))[0]
    #expect(!finding.agrees)
    #expect(finding.text.contains("does not build"))
  }

  @Test("numbers that are none, and a wrong count of them, disagree")
  func comparison() {
    for numbers in [[Double.nan], [.infinity], [], [1, 2]] {
      var comparison = Comparison()
      comparison.compare(
        numbers, with: [HostSum(1)], roundings: 100, unitRoundoff: 1e-7, "numbers")
      #expect(!comparison.agrees)
    }
    var comparison = Comparison()
    comparison.compare(
      [1 + 1e-7], with: [HostSum(1)], roundings: 1, unitRoundoff: 1e-7, "numbers")
    #expect(comparison.agrees)
    #expect(comparison.worst > 0.4)
  }
}
