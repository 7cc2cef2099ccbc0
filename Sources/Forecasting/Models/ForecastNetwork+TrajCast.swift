import Equivariance
import Irreps

extension ForecastNetwork {
  /// Which of the two published assemblies.
  enum Style: String, Hashable, Sendable {
    /// The model of the paper: first features know speed and direction, every layer is residual.
    case efficient = "EfficientTrajCast"
    /// The older variant: first features know the species alone, and the first layer is plain.
    case original = "TrajCast"
  }

  /// The layers of `TrajCast` or `EfficientTrajCast` (Thiemann et al., arXiv 2503.23794), with the
  /// names that the official code gives their parameters.
  init(_ configuration: TrajCastConfiguration, style: Style) throws {
    let c = configuration
    let (encoding, interaction) =
      style == .efficient ? ("_encoding.", "_int_out.") : ("layers.", "layers.")
    let species = Irreps([MultipliedIrrep(c.speciesCount, .scalar)])
    let speeds = Irreps([MultipliedIrrep(c.speedBasisCount, .scalar)])
    let harmonics = Irreps.sphericalHarmonics(upTo: c.maximumDegree)
    func channels(_ count: Int, _ irreps: some Sequence<Irrep>) -> Irreps {
      Irreps(irreps.map { MultipliedIrrep(count, $0) })
    }

    layers = [
      Layer(name: encoding + "AtomTypeEncoding", operation: .speciesEncoding, output: "species"),
      Layer(
        name: encoding + "EdgeLengthEncoding",
        operation: .edgeEncoding(
          RadialEncoding(
            basis: .bessel(count: c.edgeBasisCount, radius: c.cutoff),
            cutoff: .polynomial(power: c.envelopePower, radius: c.cutoff))),
        output: "lengths"),
      Layer(
        name: encoding + "VelocityNormEncoding",
        operation: .speedEncoding(
          .gaussians(count: c.speedBasisCount, upTo: c.largestSpeed),
          perSpecies: .fullyConnected(speeds, species, to: speeds)),
        output: "speeds"),
      Layer(
        name: encoding + "SHEdgeVectors",
        operation: .edgeHarmonics(degree: c.maximumDegree, normalizing: true, .component),
        output: "directions"),
      Layer(
        name: encoding + "SHVelVectors",
        operation: .velocityHarmonics(degree: c.maximumDegree, normalizing: true, .component),
        output: "headings"),
    ]

    var irreps: Irreps
    switch style {
    case .efficient:
      let state = (species + speeds + Irreps(harmonics.dropFirst())).simplified()
      irreps = channels(c.channels, harmonics.map(\.irrep)).regrouped()
      layers += [
        Layer(
          name: "state",
          operation: .atomState(species: "species", speeds: "speeds", harmonics: "headings"),
          output: "state"),
        Layer(
          name: interaction + "LinearInit",
          operation: .linear(Linear(state, to: irreps), input: "state"), output: "features"),
      ]
    case .original:
      irreps = channels(c.channels, [.scalar])
      layers.append(
        Layer(
          name: interaction + "LinearTypeEncoding",
          operation: .linear(Linear(species, to: irreps), input: "species"), output: "features"))
    }

    let hidden = channels(
      c.channels,
      (0...c.maximumDegree).flatMap { degree in
        [Parity.odd, .even].map { Irrep(degree: degree, parity: $0) }
      })
    for index in 0..<c.layerCount {
      let isPlain = style == .original && index == 0
      let layer = try MessagePassing(
        interaction + "mp_layer_\(index)", input: irreps, edges: harmonics, velocities: harmonics,
        output: hidden, edgeBasisCount: c.edgeBasisCount, speedBasisCount: c.speedBasisCount,
        speciesCount: c.speciesCount,
        MessagePassing.Options(
          maximumDegree: c.maximumDegree, edgeNetwork: c.edgeNetwork,
          velocityNetwork: c.velocityNetwork, contracts: !isPlain, gate: c.gate,
          residual: isPlain ? .none : .species, addsResidualBeforeGate: false,
          averageNeighbourCount: c.averageNeighbourCount, names: MessagePassing.Names()))
      layers.append(
        Layer(
          name: layer.name,
          operation: .messagePassing(
            layer, features: "features", edgeBasis: "lengths", edgeHarmonics: "directions",
            speedBasis: "speeds", velocityHarmonics: "headings"),
          output: "features"))
      irreps = layer.output
    }

    let vector = Irrep.sphericalHarmonic(degree: 1)
    let compressed = channels(c.channels / 4, style == .efficient ? [vector] : [.scalar, vector])
    layers += [
      Layer(
        name: interaction + "LinearCompression",
        operation: .linear(Linear(irreps, to: compressed), input: "features"),
        output: "compressed"),
      Layer(
        name: interaction + "LinearReadOut",
        operation: .linear(Linear(compressed, to: Self.forecastIrreps), input: "compressed"),
        output: "target"),
    ]
  }
}

extension RadialEncoding {
  /// Gaussians with centres strictly inside the interval, scaled to a sum of squares of about
  /// their number.
  static func gaussians(count: Int, upTo radius: Double) -> RadialEncoding {
    RadialEncoding(
      basis: .fixed(
        SoftOneHotBasis(.gaussian, over: 0...radius, count: count, hasCutoff: true),
        scale: Double(count).squareRoot()))
  }
}
