import Foundation
import TestSupport
import Testing

@Suite("Bad input to the command line", .serialized)
struct BadInputTests {
  private let model = Repository.smallModel
  private let benzene = Repository.example("benzene")

  // MARK: - Structures

  /// The run on a file with this text; each of them is expected to fail.
  private func evaluate(_ text: String, model: String? = nil) throws -> CommandRun {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, as: "s.extxyz")
    return try CommandRun(["evaluate", model ?? self.model, "s.extxyz"], in: folder.path)
  }

  @Test("a structure file that does not exist")
  func missingStructure() throws {
    expectFailure(
      try CommandRun(["evaluate", model, "nowhere.extxyz"]), status: 66, "nowhere.extxyz",
      "no such file")
  }

  @Test("a folder in place of a structure file")
  func folderAsStructure() throws {
    expectFailure(try CommandRun(["evaluate", model, "/tmp"]), status: 66, "/tmp", "folder")
  }

  @Test("an empty structure file")
  func emptyStructure() throws {
    expectFailure(try evaluate(""), status: 65, "s.extxyz", "empty", "expected a frame")
  }

  @Test("a structure file that ends in the middle of a frame")
  func truncatedStructure() throws {
    expectFailure(
      try evaluate("3\npbc=F\nC 0 0 0\n"), status: 65, "s.extxyz, line 1", "1 of the 3 atoms")
  }

  @Test("a position that is not a number")
  func notFinite() throws {
    let run = try evaluate("2\npbc=F\nC 0 0 0\nC nan 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "atom 1", "finite")
  }

  @Test("the frame at fault is named among several")
  func laterFrame() throws {
    let good = "2\npbc=F\nC 0 0 0\nC 1.4 0 0\n"
    let run = try evaluate(good + good + "2\npbc=F\nC 0 0 0\nC inf 0 0\n" + good)
    expectFailure(run, status: 65, "s.extxyz, frame 2", "atom 1", "finite")
  }

  @Test("an element that the model does not know")
  func unknownElement() throws {
    let run = try evaluate("2\npbc=F\nC 0 0 0\nSi 2 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "atom 1", "does not know", "Si")
  }

  @Test("a symbol that is no element")
  func noElement() throws {
    let run = try evaluate("1\npbc=F\nQq 0 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "atom 0", "'Qq'", "no chemical element")
  }

  @Test("two atoms on one point")
  func coincidentAtoms() throws {
    let run = try evaluate("3\npbc=F\nC 0 0 0\nC 1 2 3\nO 1 2 3\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "atoms 1 and 2", "same point")
  }

  @Test("two atoms on one point by a lattice vector")
  func coincidentImages() throws {
    let run = try evaluate("2\nLattice=\"4 0 0 0 4 0 0 0 4\"\nC 0 0 0\nC 4 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "atoms 0 and 1", "same point")
  }

  @Test("a cell without volume")
  func flatCell() throws {
    let run = try evaluate("1\nLattice=\"4 0 0 4 0 0 0 0 4\"\nC 0 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "no volume")
  }

  @Test("a periodic frame without a cell")
  func periodicWithoutCell() throws {
    let run = try evaluate("1\npbc=\"T T T\"\nC 0 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, frame 0", "periodic", "no cell")
  }

  @Test("a frame of no atoms")
  func noAtoms() throws {
    expectFailure(try evaluate("0\npbc=F\n"), status: 65, "s.extxyz, frame 0", "0 atoms")
  }

  @Test("a frame without species")
  func noSpecies() throws {
    let run = try evaluate("1\nProperties=pos:R:3\n0 0 0\n")
    expectFailure(run, status: 65, "s.extxyz, line 2", "species")
  }

  // MARK: - Models

  @Test("a model file that does not exist")
  func missingModel() throws {
    expectFailure(
      try CommandRun(["evaluate", "./nowhere.pth", benzene]), status: 66, "nowhere.pth",
      "no such file")
  }

  @Test("a folder in place of a model")
  func folderAsModel() throws {
    expectFailure(try CommandRun(["evaluate", "/tmp", benzene]), status: 66, "/tmp", "folder")
  }

  @Test("an empty model file, and one cut in half")
  func damagedModel() throws {
    let folder = try TemporaryFolder()
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: model)))
    let empty = try folder.write("", as: "empty.pth")
    let half = try folder.write(Array(bytes.prefix(bytes.count / 2)), as: "half.pth")
    for path in [empty, half] {
      expectFailure(try CommandRun(["evaluate", path, benzene]), status: 65, path)
      expectFailure(try CommandRun(["explain", path, benzene]), status: 65, path)
    }
  }

  @Test("a pickle that wants os.system is refused by that name, and not run")
  func hostilePickle() throws {
    let run = try CommandRun(["evaluate", Repository.checkpoint("os-system.pth"), benzene])
    expectFailure(run, status: 65, "os-system.pth", "system")
    #expect(run.output.isEmpty)
  }

  @Test("a checkpoint of something else")
  func otherCheckpoint() throws {
    let run = try CommandRun(["evaluate", Repository.checkpoint("everything.pth"), benzene])
    expectFailure(run, status: 65, "everything.pth")
  }

  // MARK: - Devices and output

  @Test("an unknown device is told which there are")
  func unknownDevice() throws {
    let run = try CommandRun(["evaluate", model, benzene, "--device", "abacus"])
    expectFailure(run, status: 69, "--device", "'abacus'", "0 '")
  }

  @Test("a fidelity of a model that has none")
  func unknownModality() throws {
    let run = try CommandRun(["evaluate", model, benzene, "--modality", "PBE"])
    expectFailure(run, status: 64, "--modality", "PBE")
  }

  @Test("an output file in a folder that does not exist")
  func noFolderForOutput() throws {
    let run = try CommandRun(["evaluate", model, benzene, "-o", "/nonexistent/out.extxyz"])
    expectFailure(run, status: 73, "/nonexistent/out.extxyz", "cannot be written")
  }

  @Test("a failure leaves neither an output file nor a part of one, and keeps an older one")
  func nothingLeftBehind() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("2\npbc=F\nC 0 0 0\nC 1.4 0 0\n1\npbc=F\nXe 0 0 0\n", as: "s.extxyz")
    _ = try folder.write("old", as: "old.extxyz")
    for output in ["new.extxyz", "old.extxyz"] {
      let run = try CommandRun(
        ["evaluate", model, "s.extxyz", "-o", output, "--batch", "1"], in: folder.path)
      expectFailure(run, status: 65, "s.extxyz, frame 1", "Xe")
    }
    #expect(try folder.contents() == ["old.extxyz", "s.extxyz"])
    #expect(try String(contentsOfFile: folder.file("old.extxyz"), encoding: .utf8) == "old")
  }

  @Test("a full device in place of an output file, and of standard output")
  func fullDevice() throws {
    expectFailure(
      try CommandRun(["evaluate", model, benzene, "-o", "/dev/full"]), status: 73, "/dev/full",
      "No space left")
    let shell = try CommandRun("/bin/sh", ["-c", "'\(CommandRun.program)' devices > /dev/full"])
    expectFailure(shell, status: 73, "standard output", "No space left")
  }

  @Test(
    "on a full disk no part of an output file stays behind",
    .enabled("a small file system can be mounted") { canMount })
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    let disk = folder.file("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    // Written in pieces of a mebibyte; frames enough for several.
    let frame = try String(contentsOfFile: Repository.example("ice-xi"), encoding: .utf8)
    let input = try folder.write(String(repeating: frame, count: 20), as: "in.extxyz")
    let script = """
      mount -t tmpfs -o size=40k tmpfs '\(disk)' || exit 1
      '\(CommandRun.program)' evaluate '\(model)' '\(input)' -o '\(disk)/out.extxyz' --quiet
      status=$?
      ls -A '\(disk)' >&2
      exit $status
      """
    let run = try CommandRun("/usr/bin/unshare", Self.unshare + ["/bin/sh", "-c", script])
    // A name that `ls` finds would be a third line.
    expectFailure(run, status: 73, "disk/out.extxyz", "No space left")
  }

  private static let unshare = ["--user", "--map-root-user", "--mount"]

  private static var canMount: Bool {
    (try? CommandRun("/usr/bin/unshare", unshare + ["true"]))?.status == 0
  }
}
