import Foundation

/// What the process takes of the host's memory.
enum ProcessMemory {
  /// The most that was resident at one time since the program started, in bytes; 0 where the system
  /// does not tell.
  ///
  /// Not `getrusage`: on Linux its maximum counts the process that started this one too.
  static var peakResidentBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return (kilobytes ?? 0) * 1024
  }
}
