import Foundation

/// The page of a report: everything in one file, in the colours that the reader's system prefers.
struct ReportPage {
  private let report: AnalysisReport
  private let trajectories: [TrajectoryObservables]

  init(_ report: AnalysisReport) {
    self.report = report
    trajectories = report.trajectories
  }

  var html: String {
    let names = trajectories.map(\.name).joined(separator: ", ")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(names.escaped) – trajectory report</title>
      <style>
      \(Self.text(PackageResources.report_css))
      </style>
      </head>
      <body>
      <header>
      <p class="kind">Trajectory report</p>
      <h1>\(trajectories.map { "<span>\($0.name.escaped)</span>" }.joined(separator: "<i>and</i>"))</h1>
      \(trajectories.map(facts).joined(separator: "\n"))
      </header>
      <main>
      \(notes)
      <div class="overview">
      \(viewer)
      \(numbers)
      </div>
      \(comparison)
      \(plots)
      \(details)
      \(Self.methods)
      </main>
      <footer><p>Made by <b>clebsch analyse</b>. The numbers behind the plots are in the CSV files \
      beside this page.</p></footer>
      <script type="application/json" id="structures">\(structures)</script>
      <script>
      \(Self.text(PackageResources.structure_js))
      \(Self.text(PackageResources.plots_js))
      </script>
      </body>
      </html>

      """
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func facts(of trajectory: TrajectoryObservables) -> String {
    var facts = [
      trajectory.formula.subscripted, trajectory.atomCount.counted("atom"),
      trajectory.frameCount.counted("frame"),
    ]
    if let interval = trajectory.interval {
      let duration = interval * Double(trajectory.frameCount - 1)
      let text =
        duration >= 1000
        ? "\(NumberText.significant(duration / 1000, digits: 4)) ps"
        : "\(NumberText.significant(duration, digits: 4)) fs"
      facts.append("\(text), every \(NumberText.significant(interval, digits: 3)) fs")
    }
    let lead = trajectories.count > 1 ? "<b>\(trajectory.name.escaped)</b> " : ""
    return "<p class=\"facts\">\(lead)\(facts.joined(separator: "<i>·</i>"))</p>"
  }

  private var notes: String {
    let notes = trajectories.flatMap { trajectory in
      trajectory.notes.map { trajectories.count > 1 ? "\(trajectory.name): \($0)" : $0 }
    }
    guard !notes.isEmpty else { return "" }
    return "<section class=\"notes\"><h2>Please note</h2><ul>"
      + notes.map { "<li>\($0.escaped)</li>" }.joined() + "</ul></section>"
  }

  private var plots: String {
    let plots = ReportPlots(trajectories: trajectories).all
    guard !plots.isEmpty else { return "" }
    return """
      <section>
      <h2>Plots</h2>
      <div class="plots">
      \(plots.map(\.figure).joined(separator: "\n"))
      </div>
      </section>
      """
  }

  // MARK: Tables

  private var numbers: String {
    let columns = trajectories.map { ($0.name, $0.keyNumbers.filter(\.isOfAll)) }
    guard columns.contains(where: { !$0.1.isEmpty }) else { return "" }
    return "<section class=\"numbers\"><h2>Numbers</h2>\(table(columns))</section>"
  }

  private func table(_ columns: [(name: String, numbers: [KeyNumber])]) -> String {
    let order = QuantityText.all.map(\.quantity)
    var rows: [(quantity: String, subject: String?)] = []
    for number in columns.flatMap(\.numbers)
    where !rows.contains(where: { $0.quantity == number.quantity && $0.subject == number.subject })
    {
      rows.append((number.quantity, number.subject))
    }
    let sorted = rows.enumerated().sorted { one, two in
      let places = [one, two].map { order.firstIndex(of: $0.element.quantity) ?? order.count }
      return (places[0], one.offset) < (places[1], two.offset)
    }.map(\.element)
    let head =
      columns.count > 1
      ? "<thead><tr><td></td>"
        + columns.map { "<th scope=\"col\">\($0.name.escaped)</th>" }.joined()
        + "<td></td></tr></thead>" : ""
    let body = sorted.map { row -> String in
      let text = QuantityText.of(row.quantity)
      let subject = row.subject.map { $0 == "all" ? "" : "<small>\($0.escaped)</small>" } ?? ""
      let cells = columns.map { column -> String in
        let number = column.numbers.first {
          $0.quantity == row.quantity && $0.subject == row.subject
        }
        let value = number.map(text.text)
        return "<td>\(value?.escaped ?? "–")</td>"
      }
      return "<tr><th scope=\"row\">\(text.name.escaped)\(subject)</th>\(cells.joined())"
        + "<td class=\"unit\">\(text.unit.escaped)</td></tr>"
    }
    return "<div class=\"scroll\"><table>\(head)<tbody>\(body.joined(separator: "\n"))"
      + "</tbody></table></div>"
  }

  /// What is of one pair or one element: a table each, a row a pair, for each trajectory.
  private var details: String {
    let tables = trajectories.flatMap { trajectory -> [String] in
      let numbers = trajectory.keyNumbers.filter { !$0.isOfAll }
      let name = trajectories.count > 1 ? "<h3>\(trajectory.name.escaped)</h3>" : ""
      return [numbers.filter(\.isOfPair), numbers.filter { !$0.isOfPair }].filter { !$0.isEmpty }
        .map { "<div>\(name)\(matrix($0))</div>" }
    }
    guard !tables.isEmpty else { return "" }
    return """
      <section class="numbers">
      <h2>By pair and element</h2>
      <div class="details">\(tables.joined(separator: "\n"))</div>
      </section>
      """
  }

  private func matrix(_ numbers: [KeyNumber]) -> String {
    var (quantities, subjects): ([String], [String]) = ([], [])
    for number in numbers {
      if !quantities.contains(number.quantity) { quantities.append(number.quantity) }
      if let subject = number.subject, !subjects.contains(subject) { subjects.append(subject) }
    }
    let head = quantities.map { quantity -> String in
      let text = QuantityText.of(quantity)
      return "<th scope=\"col\">\(text.name.escaped)<small>\(text.unit.escaped)</small></th>"
    }
    let rows = subjects.map { subject in
      "<tr><th scope=\"row\">\(subject.escaped)</th>"
        + quantities.map { quantity in
          let number = numbers.first { $0.quantity == quantity && $0.subject == subject }
          return "<td>\(number.map(QuantityText.of(quantity).text)?.escaped ?? "–")</td>"
        }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table class=\"matrix\"><thead><tr><td></td>\(head.joined())"
      + "</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>"
  }

  private var comparison: String {
    report.comparisons.map { comparison in
      let pairs = comparison.numbers.filter { $0.isOfPair }
      let rest = comparison.numbers.filter { !$0.isOfPair }
      return """
        <section class="numbers">
        <h2>\(comparison.name.escaped) compared with \(trajectories[0].name.escaped)</h2>
        <div class="details"><div>\(table([(comparison.name, rest)]))</div>
        \(pairs.isEmpty ? "" : "<div>\(matrix(pairs))</div>")</div>
        </section>
        """
    }.joined(separator: "\n")
  }

  // MARK: The structure

  private var viewer: String {
    let choices = trajectories.enumerated().map {
      "<option value=\"\($0)\">\($1.name.escaped)</option>"
    }
    let choice =
      trajectories.count > 1
      ? "<select id=\"which\" aria-label=\"Trajectory\">\(choices.joined())</select>" : ""
    return """
      <section class="structure">
      <h2>Structure</h2>
      <div class="stage"><canvas id="stage" tabindex="0" role="img" aria-label="The structure; drag \
      to turn it, arrow keys too; plus and minus zoom, space plays"></canvas><ul class="elements" \
      id="elements"></ul><div class="zoom"><button id="closer" aria-label="Closer">+</button>\
      <button id="farther" aria-label="Farther">−</button></div></div>
      <div class="controls">\(choice)<button id="play" aria-label="Play">▶</button>\
      <input id="frame" type="range" min="0" value="0" aria-label="Frame"><output id="time"></output>\
      </div>
      <noscript><p>The structure needs JavaScript; the rest of the page does not.</p></noscript>
      </section>
      """
  }

  /// In JSON "<" only occurs in strings, where it may be written otherwise; then no text can end
  /// the script's element.
  private var structures: String {
    let data = try? JSONEncoder().encode(trajectories.map(StructureData.init))
    return data.map { String(decoding: $0, as: UTF8.self).replacing("<", with: "\\u003c") } ?? "[]"
  }

  private static let methods = """
    <section class="methods">
    <h2>How the numbers were made</h2>
    <dl>
    <dt>Errors</dt><dd>Standard errors: of means by blocking (Flyvbjerg and Petersen 1989), of g(r) from \
    blocks of frames, of diffusion coefficients from four stretches of the trajectory.</dd>
    <dt>g(r)</dt><dd>V/(N<sub>a</sub>N<sub>b</sub>) times the mean number of ordered pairs in a shell over \
    its volume, with N<sub>a</sub>² for like atoms; images beyond half the cell count.</dd>
    <dt>Diffusion</dt><dd>A sixth of the slope of the mean square displacement, positions unwrapped, the \
    drift of the centre of mass removed; not corrected for the size of the cell. From velocities: a third \
    of the integral of their autocorrelation.</dd>
    <dt>Spectrum</dt><dd>Cosine transform of the mass-weighted velocity autocorrelation under a Hann \
    window, of unit area.</dd>
    <dt>Drift</dt><dd>Slope of a straight line through the energy.</dd>
    <dt>Constants</dt><dd>CODATA 2014.</dd>
    </dl>
    </section>
    """
}

extension Int {
  /// "1 frame", "2 frames".
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

extension KeyNumber {
  /// Whether it is of the whole, and not of an element or pair.
  fileprivate var isOfAll: Bool { subject == nil || subject == "all" }
  fileprivate var isOfPair: Bool { subject?.contains("-") ?? false }
}

extension String {
  /// A formula with its numbers lowered: Cu<sub>81</sub>Au<sub>27</sub>.
  fileprivate var subscripted: String {
    var result = ""
    var isNumber = false
    for character in self {
      if character.isNumber != isNumber {
        isNumber.toggle()
        result += isNumber ? "<sub>" : "</sub>"
      }
      result.append(character)
    }
    return (isNumber ? result + "</sub>" : result)
  }
}
