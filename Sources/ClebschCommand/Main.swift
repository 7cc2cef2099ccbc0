import ArgumentParser

@main
struct Clebsch: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "clebsch")
}
