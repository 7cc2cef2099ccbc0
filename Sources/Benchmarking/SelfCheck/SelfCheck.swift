import Foundation
import OpenCLRuntime
import TensorGraph

/// Holds every kernel family of a device against arithmetic on the host, and remembers what it finds
/// by device, driver and kernel sources.
///
/// A family that disagrees is refused from then on, by name, wherever it would be used
/// (`Context.requireAgreement`), until a later check finds it right.
public struct SelfCheck: Sendable {
  /// What is known about one family.
  public struct Finding: Sendable {
    public let family: KernelFamily
    public let agrees: Bool
    /// In words: what was compared, and the worst of it.
    public let text: String
    /// Whether an earlier check of the same kernels is the source.
    public let isRemembered: Bool
    /// When it was found, as `2026-11-24`.
    public let date: String
  }

  private let checks: [KernelCheck]

  public init() {
    self.init(
      GraphChecks.all + MatrixProductChecks.all + LibraryProductChecks.all + OrderingChecks.all
        + LinearAlgebraChecks.all + HarmonicsChecks.all + ContractionChecks.all
        + NeighbourChecks.all)
  }

  package init(_ checks: [KernelCheck]) { self.checks = checks }

  /// Checks a device.
  ///
  /// - Parameters:
  ///   - isAnew: Whether what is remembered is checked again. What disagreed always is.
  ///   - report: Hears of each family when it is known.
  /// - Returns: A finding for each family that may be used on the device.
  /// - Throws: where the device cannot be opened.
  public func run(
    on device: Device, anew isAnew: Bool = false, options: ContextOptions = ContextOptions(),
    report: (Finding) throws -> Void = { _ in }
  ) throws -> [Finding] {
    var options = options
    options.usesRefusedFamilies = true
    let context = try Context(device: device, options: options)
    var findings: [Finding] = []
    for family in KernelFamily.allCases {
      let own = checks.filter { $0.family == family && $0.applies(context) }
      guard !own.isEmpty else { continue }
      let finding = finding(of: own, family, on: context, anew: isAnew)
      findings.append(finding)
      try report(finding)
    }
    return findings
  }

  private func finding(
    of checks: [KernelCheck], _ family: KernelFamily, on context: Context, anew: Bool
  ) -> Finding {
    let types: [ElementType] =
      context.device.description.supportsDouble ? [.float32, .float64] : [.float32]
    var sources = ""
    var problem: String?
    var prepared: [(name: String, type: ElementType, check: KernelCheck.Prepared)] = []
    do {
      for check in checks {
        for type in types {
          let ready = try check.prepare(context, type)
          sources += ready.sources
          prepared.append((check.name, type, ready))
        }
      }
    } catch {
      problem = Self.firstLine(of: error)
    }
    let digest = String(SHA256.hexadecimal(of: Array(sources.utf8)).prefix(16))
    if let known = context.record[family], known.agrees, known.sources == digest, !anew,
      problem == nil
    {
      return Finding(
        family: family, agrees: true, text: known.finding, isRemembered: true, date: known.date)
    }
    var worst = 0.0
    for (name, type, check) in prepared where problem == nil {
      do {
        let comparison = try check.compare()
        worst = max(worst, comparison.worst)
        if !comparison.agrees { problem = "\(name) in \(type): \(comparison.detail)" }
      } catch {
        problem = "\(name) in \(type): \(Self.firstLine(of: error))"
      }
    }
    let verdict = KernelVerdict(
      agrees: problem == nil,
      finding: problem
        ?? "\(prepared.count) comparisons, differences up to "
        + "\(String(format: "%.2g", worst)) of what rounding explains",
      sources: digest, date: Self.today)
    context.updateRecord { $0[family] = verdict }
    return Finding(
      family: family, agrees: verdict.agrees, text: verdict.finding, isRemembered: false,
      date: verdict.date)
  }

  private static func firstLine(of error: any Error) -> String {
    "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
  }

  private static var today: String {
    Date.now.formatted(.iso8601.year().month().day())
  }
}
