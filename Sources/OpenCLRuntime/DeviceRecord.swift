/// What earlier runs measured on a device with its driver: which kernel families are right there,
/// and which parameters are fastest.
package struct DeviceRecord: Sendable, Equatable, Codable {
  /// The form of the file; one of another version reads as if it were not there.
  static let currentVersion = 1

  private(set) var version = currentVersion
  /// For people who open the file; the file's name decides what it is about.
  var device = ""
  var driver = ""
  /// Findings, by the family's name.
  private var families: [String: KernelVerdict] = [:]
  /// Values of tuned parameters, by name.
  package var parameters: [String: Int] = [:]

  package init() {}

  package subscript(family: KernelFamily) -> KernelVerdict? {
    get { families[family.rawValue] }
    set { families[family.rawValue] = newValue }
  }

  /// The families that were found to disagree.
  ///
  /// They are refused under newer sources too: whether a change cured them is not known before
  /// `clebsch doctor` has looked again.
  var refused: [KernelFamily: KernelVerdict] {
    var refused: [KernelFamily: KernelVerdict] = [:]
    for family in KernelFamily.allCases {
      if let verdict = self[family], !verdict.agrees { refused[family] = verdict }
    }
    return refused
  }

  var isCurrent: Bool { version == Self.currentVersion }
}
