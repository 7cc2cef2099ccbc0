import OpenCLRuntime

/// The launches of a plan, prepared so that a run works out every size once.
///
/// A plan has hundreds of sizes in symbols, the same few dozen over and over: launches refer to
/// them by their place in a list.
struct BoundSteps: Sendable {
  /// What a kernel's argument is bound to.
  enum Argument: Sendable {
    case storage(Int)
    /// A place in the list of sizes.
    case size(Int)
    case constant(KernelArgument)
  }

  /// The work-items of an axis.
  struct Axis: Sendable {
    /// Parts of the number, and the place of each part's items in the list of sizes.
    var parts: [(part: WorkSize.Part, items: Int)]
    /// The length of a work-group, to a multiple of which the axis is padded.
    var local: Int

    func length(in sizes: [Int]) -> Int {
      let workItems = parts.reduce(0) { $0 + $1.part.value(for: sizes[$1.items]) }
      return (workItems + local - 1) / local * local
    }
  }

  struct Launch: Sendable {
    var arguments: [Argument]
    var global: [Axis]
    var local: [Int]?
    /// The name in the context's profile.
    var label: String
  }

  /// One a step of the plan.
  let launches: [Launch]
  private let sizes: [Dimension]
  private let elementCounts: [Int]

  init(of plan: Plan) {
    var places: [Dimension: Int] = [:]
    var sizes: [Dimension] = []
    func place(_ dimension: Dimension) -> Int {
      if let place = places[dimension] { return place }
      places[dimension] = sizes.count
      sizes.append(dimension)
      return sizes.count - 1
    }
    launches = plan.steps.enumerated().map { index, step in
      Launch(
        arguments: step.arguments.map { argument in
          switch argument {
          case .storage(let storage): .storage(storage)
          case .size(let dimension): .size(place(dimension))
          case .number(let number, .float64): .constant(.double(number))
          case .number(let number, _): .constant(.float(Float(number)))
          }
        },
        global: step.globalSize.enumerated().map { axis, size in
          Axis(
            parts: size.parts.map { ($0, place($0.items)) },
            local: step.localSize.map { axis < $0.count ? $0[axis] : 1 } ?? 1)
        }, local: step.localSize, label: Self.label(ofStep: index))
    }
    elementCounts = Set(plan.storages.map { place($0.description.shape.elementCount) }).sorted()
    self.sizes = sizes
  }

  /// The list of sizes under an assignment of symbols.
  func values(in sizes: [SizeSymbol: Int]) -> [Int] { self.sizes.map { $0.value(in: sizes) } }

  /// Whether elements of some storage have numbers beyond 32 bits.
  func isWide(_ sizes: [Int]) -> Bool {
    elementCounts.contains { sizes[$0] > Int(Int32.max) }
  }

  /// The name of a step in the context's profile.
  static func label(ofStep index: Int) -> String { "plan step \(index)" }
}
