/// Newton's equations at constant energy.
package struct VelocityVerlet: Integrator {
  package init() {}

  package func advance(_ state: inout DynamicsState, with propagation: Propagation) throws {
    try propagation.velocityVerlet(&state)
  }
}
