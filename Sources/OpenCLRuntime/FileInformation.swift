import Glibc

/// What the file system knows of one file.
struct FileInformation {
  let byteCount: Int
  /// When it was last written or marked as used, in seconds since 1970.
  let lastUse: Double

  /// Nil where there is no such file.
  init?(of path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    byteCount = Int(information.st_size)
    let time = information.st_mtim
    lastUse = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Sets the time of last use to now.
  static func markUsed(_ path: String) {
    utimensat(AT_FDCWD, path, nil, 0)
  }
}
