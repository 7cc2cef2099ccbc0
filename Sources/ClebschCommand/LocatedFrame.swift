import Clebsch

/// A frame with the place it came from, which every complaint about it names.
struct LocatedFrame {
  let frame: ExtendedXYZFrame
  let structure: AtomicStructure
  let file: String
  /// Counted from 0, as ASE does.
  let index: Int

  /// - Throws: `Failure` where the frame is no structure that a model could be asked about.
  init(_ frame: ExtendedXYZFrame, index: Int, file: String) throws {
    self.frame = frame
    self.file = file
    self.index = index
    guard frame.atomCount > 0 else {
      throw Failure(.badInput, "\(file), frame \(index): there are 0 atoms; expected at least one")
    }
    do {
      structure = try AtomicStructure(frame)
    } catch {
      throw Failure(error, at: "\(file), frame \(index)") ?? error
    }
  }

  var place: String { "\(file), frame \(index)" }

  /// What tables call it: its own name, else its place.
  var label: String {
    if let name = frame.info["name"]?.stringValue { return name }
    let base = file.split(separator: "/").last.map(String.init) ?? file
    return "\(base)@\(index)"
  }
}

extension Potential {
  /// Evaluates a batch; a structure that cannot be evaluated is named by its file and frame.
  func evaluate(_ batch: [LocatedFrame]) throws -> [PotentialResult] {
    do {
      return try evaluate(batch.map(\.structure))
    } catch {
      // The library counts within the batch. Whichever structure also fails alone is the one, and
      // then the message speaks of its atoms only.
      if !(error is OpenCLError) {
        for located in batch {
          do {
            _ = try evaluate([located.structure])
          } catch {
            throw Failure(error, at: located.place) ?? error
          }
        }
      }
      throw Failure(error, at: Self.place(of: batch)) ?? error
    }
  }

  private static func place(of batch: [LocatedFrame]) -> String {
    guard let first = batch.first, let last = batch.last, batch.count > 1 else {
      return batch.first?.place ?? ""
    }
    return "\(first.place) to \(first.file == last.file ? "frame \(last.index)" : last.place)"
  }
}
