import ArgumentParser
import FileFormats
import Foundation

/// The program `clebsch`: parses, runs, and turns every failure into one or two lines on standard
/// error and an exit status of sysexits.
@main
enum Program {
  static func main() {
    do {
      try checkVerb(CommandLine.arguments.dropFirst().first)
      var command = try RootCommand.parseAsRoot()
      try command.run()
    } catch {
      exit(reporting: error)
    }
  }

  /// The parser would call a misspelt verb an unexpected argument; here it names the nearest verb.
  private static func checkVerb(_ word: String?) throws {
    guard let word, !word.hasPrefix("-") else { return }
    let verbs = RootCommand.verbs + ["help"]
    guard !verbs.contains(word) else { return }
    let suggestion = nearest(to: word, among: verbs).map { "did you mean '\($0)'?" }
    throw Failure(
      .wrongUsage,
      "unknown verb '\(word)'; " + (suggestion ?? "expected \(verbs.joined(separator: ", "))"))
  }

  private static func exit(reporting error: any Error) -> Never {
    if RootCommand.exitCode(for: error).isSuccess {
      // Help and version, which the parser throws.
      do {
        try StandardOutput.write(RootCommand.fullMessage(for: error) + "\n")
      } catch {
        exit(reporting: error)
      }
      Foundation.exit(0)
    }
    if let interrupted = error as? Interrupted {
      signal(interrupted.signal, SIG_DFL)
      raise(interrupted.signal)
    }
    let failure = Failure(error) ?? usageFailure(for: error)
    StandardError.write("clebsch: \(failure.message)\n")
    Foundation.exit(failure.status.rawValue)
  }

  /// What the parser of arguments has to say, and where to read on.
  private static func usageFailure(for error: any Error) -> Failure {
    let verb = CommandLine.arguments.dropFirst().first.flatMap { word in
      RootCommand.verbs.first { $0 == word }
    }
    let help = (["clebsch"] + [verb].compactMap(\.self) + ["--help"]).joined(separator: " ")
    return Failure(.wrongUsage, RootCommand.message(for: error) + "\nSee '\(help)'.")
  }
}
