import OpenCLRuntime
import TensorGraph

/// Checks of matrix products by CLBlast, where it is installed and may be used: on GPUs, and wherever
/// it was chosen by hand.
enum LibraryProductChecks {
  static let all = MatrixProductChecks.all.map { ours in
    var check = KernelCheck(.clblast, "\(ours.name) by CLBlast") { context, type in
      var options = ContextOptions()
      options.recordFolder = nil
      options.tunedParameters = [TuningParameter.matrixLibraryEdge.rawValue: 1]
      let library = try Context(device: context.device, options: options)
      let prepared = try ours.prepare(library, type)
      // The library's own sources are not known; those of another version have another name.
      let sources = "CLBlast in \(CLBlast.installed?.file ?? "")" + prepared.sources
      return KernelCheck.Prepared(sources: sources, compare: prepared.compare)
    }
    check.applies = { context in
      CLBlast.installed != nil
        && (context.device.description.kind == .gpu
          || context.record.parameters[TuningParameter.matrixLibraryEdge.rawValue] != nil)
    }
    return check
  }
}
