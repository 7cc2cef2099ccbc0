import Glibc

/// What the process takes of the host's memory.
enum ProcessMemory {
  /// The most that was resident at one time so far, in bytes.
  static var peakResidentBytes: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
