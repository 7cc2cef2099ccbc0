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

extension AtomicStructure {
  /// The structure of a frame.
  ///
  /// - Throws: `Failure` without a place, and what `Cell` throws.
  init(_ frame: ExtendedXYZFrame) throws {
    guard frame.atomCount > 0 else {
      throw Failure(.badInput, "there are 0 atoms; expected at least one")
    }
    let numbers = try frame.species.enumerated().map { atom, symbol in
      guard let number = FileFormats.ChemicalElement.atomicNumber(ofSymbol: symbol), number > 0 else {
        throw Failure(
          .badInput, "atom \(atom): '\(symbol)' is no chemical element; expected a symbol as 'Si'")
      }
      return number
    }
    guard frame.cell != nil || !frame.periodic.contains(true) else {
      throw Failure(
        .badInput, "the frame is periodic (pbc) but has no cell; expected Lattice=\"…\"")
    }
    let cell = try frame.cell.map {
      try Cell($0[0], $0[1], $0[2], periodic: frame.periodic)
    }
    self.init(atomicNumbers: numbers, positions: frame.positions, cell: cell)
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
