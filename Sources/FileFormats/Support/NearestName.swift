/// The known name that a misspelt one most likely means; nil where none is near.
///
/// Near is what at most a third of its letters, and at least one, being wrong can explain.
package func nearest(to word: String, among names: [String]) -> String? {
  let wanted = Array(word.lowercased())
  let distances = names.map { (name: $0, distance: editDistance(wanted, Array($0.lowercased()))) }
  guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, max(wanted.count, best.name.count) / 3) ? best.name : nil
}

/// The least number of insertions, deletions, replacements and exchanges of neighbours that turn
/// one word into the other ("optimal string alignment" distance).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 1..<(a.count + 1) {
    var row = [i]
    for j in 1..<(b.count + 1) {
      let replacement = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var least = min(replacement, rows[i - 1][j] + 1, row[j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        least = min(least, rows[i - 2][j - 2] + 1)
      }
      row.append(least)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
