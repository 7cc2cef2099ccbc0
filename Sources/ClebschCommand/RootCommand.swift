import ArgumentParser

/// `clebsch` without a verb shows what verbs there are.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clebsch",
    abstract: "Equivariant neural networks on any OpenCL device.",
    discussion: """
      A first look:
        clebsch devices
        clebsch evaluate 7net-0 Examples/structures/quartz.extxyz
        clebsch relax 7net-0 Examples/structures/ice-xi.extxyz --cell

      The device is the most capable GPU, else the CPU; --device or CLEBSCH_DEVICE picks another.
      """,
    version: "0.1.0",
    subcommands: [
      EvaluateCommand.self, RelaxCommand.self, MolecularDynamicsCommand.self,
      ForecastCommand.self, AnalyseCommand.self, TrainCommand.self, DriveCommand.self,
      ExplainCommand.self,
      DevicesCommand.self, ModelsCommand.self, BenchCommand.self, TuneCommand.self,
      DoctorCommand.self,
    ])

  static var verbs: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName }
  }
}
