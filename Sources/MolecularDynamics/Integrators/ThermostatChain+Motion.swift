import Foundation

/// The constants of a Nosé–Hoover chain: the temperature and the inertia of its links.
struct ChainConstants {
  /// k_B T in eV.
  var thermalEnergy: Double
  /// Of what the chain is coupled to.
  var degreesOfFreedom: Double
  /// eV fs², a link.
  var inertias: [Double]
}

extension ThermostatChain {
  /// The weights of Yoshida's fourth-order composition (Physics Letters A 150, 262, 1990).
  private static let weights: [Double] = {
    let outer = 1 / (2 - cbrt(2.0))
    return [outer, 1 - 2 * outer, outer]
  }()

  /// Moves the chain and returns the factor by which it scales the momenta it is coupled to
  /// (Martyna et al., Molecular Physics 87, 1117, 1996).
  ///
  /// - Parameter doubleKineticEnergy: Σ p²/m of those momenta, eV.
  mutating func advance(
    by duration: Double, doubleKineticEnergy: Double, _ constants: ChainConstants
  ) -> Double {
    var double = doubleKineticEnergy
    var factor = 1.0
    for weight in Self.weights {
      let time = weight * duration
      for link in momenta.indices.reversed() { push(link, for: time, double, constants) }
      for link in momenta.indices {
        positions[link] += time * momenta[link] / constants.inertias[link]
      }
      let scale = exp(-time * momenta[0] / constants.inertias[0])
      factor *= scale
      double *= scale * scale
      for link in momenta.indices { push(link, for: time, double, constants) }
    }
    return factor
  }

  /// Half a kick of a link by what it is coupled to, between two halves of friction from the next.
  private mutating func push(
    _ link: Int, for time: Double, _ double: Double, _ constants: ChainConstants
  ) {
    let friction =
      link + 1 < momenta.count
      ? exp(-time / 4 * momenta[link + 1] / constants.inertias[link + 1]) : 1
    let drive =
      link == 0
      ? double - constants.degreesOfFreedom * constants.thermalEnergy
      : momenta[link - 1] * momenta[link - 1] / constants.inertias[link - 1]
        - constants.thermalEnergy
    momenta[link] = (momenta[link] * friction + time / 2 * drive) * friction
  }

  /// eV.
  func energy(_ constants: ChainConstants) -> Double {
    var energy = 0.0
    for link in momenta.indices {
      let freedom = link == 0 ? constants.degreesOfFreedom : 1
      energy +=
        freedom * constants.thermalEnergy * positions[link]
        + momenta[link] * momenta[link] / (2 * constants.inertias[link])
    }
    return energy
  }
}
