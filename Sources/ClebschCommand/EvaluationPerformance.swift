import Clebsch

/// How long an evaluation took, and of what.
///
/// The first call is kept apart: it includes building or loading kernels.
struct EvaluationPerformance {
  let loading: Duration
  /// In ångström.
  let cutoff: Double
  let precision: String
  let device: String
  private(set) var structures = 0
  private(set) var atoms = 0
  private(set) var edges = 0
  private var firstCall: (duration: Duration, atoms: Int)?
  private var laterCalls = (duration: Duration.zero, atoms: 0)

  init(loading: Duration, cutoff: Double, precision: String, device: String) {
    self.loading = loading
    self.cutoff = cutoff
    self.precision = precision
    self.device = device
  }

  mutating func add(_ results: [PotentialResult], took duration: Duration) {
    let count = results.reduce(0) { $0 + $1.forces.count }
    structures += results.count
    atoms += count
    edges += results.reduce(0) { $0 + $1.edgeCount }
    if firstCall == nil {
      firstCall = (duration, count)
    } else {
      laterCalls = (laterCalls.duration + duration, laterCalls.atoms + count)
    }
  }

  /// What to say while it goes on, after some seconds.
  func progress(elapsed: Double) -> String {
    let rate = fixed(Double(structures) / elapsed, decimals: 1)
    return "\(structures) structures, \(atoms) atoms, \(rate) structures a second"
  }

  /// Of the calls after the first, or of the first where it is the only one.
  private var microsecondsPerAtom: Double {
    let (duration, count) = laterCalls.atoms > 0 ? laterCalls : firstCall ?? (.zero, 0)
    return count > 0 ? duration.seconds * 1e6 / Double(count) : 0
  }

  private var includesFirstCall: Bool { laterCalls.atoms == 0 }

  var text: String {
    let first = fixed(firstCall?.duration.seconds ?? 0, decimals: 2)
    return "\(fixed(microsecondsPerAtom, decimals: 1)) µs an atom"
      + (includesFirstCall ? " (first call, kernels prepared in it)" : "")
      + "; \(structures) structures, \(atoms) atoms, \(edges) edges, cutoff \(cutoff) Å, "
      + "\(precision) precision, device \(device); first call \(first) s, "
      + "model loaded in \(fixed(loading.seconds, decimals: 2)) s"
  }

  var record: JSONObject {
    [
      "microseconds_per_atom": microsecondsPerAtom, "includes_first_call": includesFirstCall,
      "structures": structures, "atoms": atoms, "edges": edges, "cutoff_A": cutoff,
      "precision": precision, "device": device,
      "first_call_seconds": firstCall?.duration.seconds, "loading_seconds": loading.seconds,
    ]
  }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}
