// `import Clebsch` gives the public parts of every room.
@_exported import Benchmarking
@_exported import Equivariance
@_exported import FileFormats
@_exported import Forecasting
@_exported import Irreps
@_exported import MolecularDynamics
@_exported import Neighbours
@_exported import OpenCLRuntime
@_exported import Potentials
@_exported import ShippedModels
@_exported import SocketDriver
@_exported import TensorGraph
@_exported import Training
@_exported import TrajectoryAnalysis
