import Clebsch
import Forecasting
import Training

/// How the program ends, in the numbers of BSD's `sysexits.h`.
enum ExitStatus: Int32 {
  case wrongUsage = 64
  case badInput = 65
  case inputNotFound = 66
  case noUsableDevice = 69
  case ourFault = 70
  case cannotWrite = 73
  /// Stopped by a signal, with everything on disk to go on from.
  case interrupted = 75

  /// The server that `drive` works for is not there: what BSD's number for a missing service says.
  static let noServer = ExitStatus.noUsableDevice
}

/// A failure as the user sees it: one or two lines and an exit status.
struct Failure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// What an error of the library means to the user; nil for errors of the argument parser.
  ///
  /// - Parameter place: The file and frame that were at work, for errors that do not know them.
  init?(_ error: any Error, at place: String? = nil) {
    let prefix = place.map { "\($0): " } ?? ""
    switch error {
    case let failure as Failure:
      self = failure
    case let error as FileFormatError:
      self.init(Self.status(of: error.kind), error.description)
    case let error as OpenCLError:
      self.init(Self.status(of: error), prefix + error.description)
    case let error as TensorGraphError:
      switch error {
      case .doublePrecisionUnavailable: self.init(.noUsableDevice, error.description)
      case .argumentMismatch: self.init(.ourFault, prefix + error.description)
      case .sizeTooLarge: self.init(.badInput, prefix + error.description)
      }
    case let error as NeighboursError:
      switch error {
      case .doublePrecisionUnavailable: self.init(.noUsableDevice, error.description)
      default: self.init(.badInput, prefix + error.description)
      }
    case let error as StructureError:
      self.init(.badInput, prefix + error.description)
    case let error as PotentialError:
      self.init(error, prefix: prefix)
    case let error as SocketDriverError:
      self.init(Self.status(of: error), prefix + error.description)
    case let error as TrainingError:
      self.init(.badInput, error.description)
    case let error as ForecastingError:
      self.init(.badInput, prefix + error.description)
    case let error as DynamicsError:
      self.init(error, prefix: prefix)
    case let error as CheckpointError:
      self.init(.badInput, error.description)
    default:
      return nil
    }
  }

  private static func status(of kind: FileFormatError.Kind) -> ExitStatus {
    switch kind {
    case .notFound, .unreadable: .inputNotFound
    case .malformed: .badInput
    case .cannotWrite: .cannotWrite
    }
  }

  private static func status(of error: OpenCLError) -> ExitStatus {
    switch error {
    case .noPlatform, .noDevice, .unknownDevice, .outOfMemory, .kernelFamilyRefused,
      .libraryNotInstalled:
      .noUsableDevice
    case .callFailed, .buildFailed, .unknownKernel, .invalidArguments, .invalidWorkSize,
      .libraryCallFailed:
      .ourFault
    }
  }

  private static func status(of error: SocketDriverError) -> ExitStatus {
    switch error {
    case .badAddress: .wrongUsage
    case .cannotConnect, .serverWentAway: .noServer
    case .unexpectedMessage, .wrongAtomCount, .badGeometry: .badInput
    }
  }

  /// The library counts structures within a batch; here the place says which one it is.
  private init(_ error: PotentialError, prefix: String) {
    switch error {
    case .checkpoint:
      self.init(.badInput, error.description)
    case .modality:
      self.init(.wrongUsage, "--modality: \(error.description)")
    case .unknownElement(_, let atom, let symbol):
      self.init(.badInput, "\(prefix)atom \(atom): the model does not know the element \(symbol)")
    case .noAtoms:
      self.init(.badInput, "\(prefix)there are 0 atoms; expected at least one")
    case .notFinite(_, let atom, let quantity):
      self.init(
        .badInput,
        "\(prefix)atom \(atom): the \(quantity) is not a finite number; are atoms too close?")
    }
  }

  private init(_ error: DynamicsError, prefix: String) {
    switch error {
    case .setting:
      self.init(.wrongUsage, error.description)
    case .evaluation(let step, let underlying):
      // The step goes where the place would; what the force field says decides on the status.
      // A structure that cannot be evaluated at the start is no matter of steps.
      let place = prefix + (step == 0 ? "" : "step \(step): ")
      self =
        Failure(underlying, at: place.isEmpty ? nil : String(place.dropLast(2)))
        ?? Failure(.ourFault, "\(place)\(underlying)")
    default:
      self.init(.badInput, prefix + error.description)
    }
  }
}
