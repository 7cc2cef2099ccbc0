extension Context {
  /// Stops where one of these kernel families was found to be wrong on this device.
  ///
  /// Asked when a plan or a search is set up, never when it runs. What was found is read once, when
  /// the context is opened.
  ///
  /// - Throws: `OpenCLError.kernelFamilyRefused`.
  package func requireAgreement(of families: some Sequence<KernelFamily>) throws {
    guard !refusedFamilies.isEmpty else { return }
    for family in families {
      guard let verdict = refusedFamilies[family] else { continue }
      throw OpenCLError.kernelFamilyRefused(
        family: family, device: device.description.name, finding: verdict.finding)
    }
  }

  /// Changes the record of this device in the cache folder; contexts opened afterwards heed it.
  ///
  /// What other processes wrote meanwhile is kept, but for what `change` sets.
  ///
  /// - Returns: Whether there is a folder and it could be written; where not, a warning was given.
  @discardableResult
  package func updateRecord(_ change: (inout DeviceRecord) -> Void) -> Bool {
    guard let recordFile else { return false }
    var record = recordFile.read()
    change(&record)
    do {
      try recordFile.write(record)
      return true
    } catch {
      warn(
        "what was measured cannot be kept in '\(recordFile.path)': \(error)\n"
          + "Set CLEBSCH_CACHE to a folder that can be written.")
      return false
    }
  }

  /// Where the record of this device is kept; nil where there is no cache folder.
  package var recordPath: String? { recordFile?.path }
}
