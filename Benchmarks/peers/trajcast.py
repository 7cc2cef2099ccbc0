"""EfficientTrajCast's layers out of e3nn's, at the shapes of a forecaster's model file.

IBM's own code asks for versions of PyTorch and e3nn that exclude the ones measured beside it here; its layers
are these. `count(model)` must be the number of parameters that Clebsch reports, which tells that the shapes agree.
"""
import json
import struct

import torch
from e3nn import nn, o3


def configuration(path):
    """The settings in a forecaster's model file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return json.loads(header["__metadata__"]["configuration"])


def neurons(settings, key):
    return [int(n) for n in settings[key]["n_neurons"]]


def depthwise(first, second, degree):
    """A `uvu` product: all outputs up to a degree, one weight a path and channel."""
    outputs, instructions = [], []
    for i, (count, a) in enumerate(first):
        for j, (_, b) in enumerate(second):
            for out in a * b:
                if out.l <= degree:
                    instructions.append((i, j, len(outputs), "uvu", True))
                    outputs.append((count, out))
    outputs = o3.Irreps(outputs)
    outputs, order, _ = outputs.sort()
    instructions = [(i, j, order[k], mode, trained) for i, j, k, mode, trained in instructions]
    return o3.TensorProduct(first, second, outputs, instructions, shared_weights=False, internal_weights=False)


class Layer(torch.nn.Module):
    def __init__(self, features, harmonics, wanted, species, settings):
        super().__init__()
        degree, channels = harmonics.lmax, wanted[0].mul
        self.count = float(settings["avg_num_neighbors"])
        self.edges = depthwise(features, harmonics, degree)
        self.edge_weights = nn.FullyConnectedNet(
            [int(settings["num_edge_rbf"]), *neurons(settings, "edge_mlp_kwargs"), self.edges.weight_numel],
            torch.nn.functional.silu)
        reached = o3.Irreps([(m, ir) for m, ir in wanted if ir in [i.ir for i in self.edges.irreps_out]])
        self.contraction = o3.Linear(self.edges.irreps_out, reached)
        self.motion = depthwise(reached, harmonics, degree)
        self.motion_weights = nn.FullyConnectedNet(
            [int(settings["num_vel_rbf"]), *neurons(settings, "vel_mlp_kwargs"), self.motion.weight_numel],
            torch.nn.functional.silu)
        kept = [(m, ir) for m, ir in wanted if ir in [i.ir for i in self.motion.irreps_out]]
        scalars = o3.Irreps([(m, ir) for m, ir in kept if ir.l == 0])
        gated = o3.Irreps([(m, ir) for m, ir in kept if ir.l > 0])
        gates = o3.Irreps([(gated.num_irreps, "0e")])
        acts = [torch.nn.functional.silu if ir.p == 1 else torch.tanh for _, ir in scalars]
        self.gate = nn.Gate(scalars, acts, gates, [torch.nn.functional.silu], gated)
        self.update = o3.Linear(self.motion.irreps_out, self.gate.irreps_in)
        self.residual = o3.FullyConnectedTensorProduct(features, o3.Irreps([(species, "0e")]), self.gate.irreps_out)
        self.irreps_out = self.gate.irreps_out

    def forward(self, x, one_hot, senders, receivers, edge_basis, edge_harmonics, speeds, directions):
        messages = self.edges(x[senders], edge_harmonics, self.edge_weights(edge_basis))
        sums = torch.zeros(len(x), messages.shape[1]).index_add_(0, receivers, messages) / self.count
        moved = self.motion(self.contraction(sums), directions, self.motion_weights(speeds))
        return (self.gate(self.update(moved)) + self.residual(x, one_hot)) / 2**0.5


class Forecaster(torch.nn.Module):
    def __init__(self, settings, species=1):
        super().__init__()
        self.cutoff, self.power = float(settings["edge_cutoff"]), int(settings["num_edge_poly_cutoff"])
        self.speed_count, self.top_speed = int(settings["num_vel_rbf"]), float(settings["vel_max"])
        degree, channels = int(settings["max_rotation_order"]), int(settings["num_hidden_channels"])
        self.roots = torch.nn.Parameter(torch.pi * torch.arange(1, int(settings["num_edge_rbf"]) + 1.0))
        self.harmonics = o3.Irreps.spherical_harmonics(degree)
        self.speeds = o3.FullyConnectedTensorProduct(
            f"{self.speed_count}x0e", f"{species}x0e", f"{self.speed_count}x0e")
        state = o3.Irreps(f"{species}x0e+{self.speed_count}x0e") + self.harmonics[1:]
        features = o3.Irreps([(channels, ir) for _, ir in self.harmonics])
        self.embedding = o3.Linear(state, features)
        wanted = o3.Irreps([(channels, (l, p)) for l in range(degree + 1) for p in (1, -1)])
        self.layers = torch.nn.ModuleList()
        for _ in range(int(settings["num_mp_layers"])):
            self.layers.append(Layer(features, self.harmonics, wanted, species, settings))
            features = self.layers[-1].irreps_out
        self.readout = o3.Linear(features, f"{channels // 4}x1o")
        self.target = o3.Linear(f"{channels // 4}x1o", "2x1o")

    def forward(self, vectors, velocities, one_hot, senders, receivers):
        r = vectors.norm(dim=1, keepdim=True)
        u, p = r / self.cutoff, self.power
        envelope = 1 - (p + 1) * (p + 2) / 2 * u**p + p * (p + 2) * u**(p + 1) - p * (p + 1) / 2 * u**(p + 2)
        basis = 2 / self.cutoff * torch.sin(self.roots * u) / (r + 1e-5) * envelope
        harmonics = o3.spherical_harmonics(self.harmonics, vectors, True, "component")
        directions = o3.spherical_harmonics(self.harmonics, velocities, True, "component")
        centres = torch.linspace(0, self.top_speed, self.speed_count + 2)
        distance = (velocities.norm(dim=1, keepdim=True) - centres[1:-1]) / centres[1]
        speeds = torch.exp(-distance**2) / 1.12 * self.speed_count**0.5
        speeds = self.speeds(speeds, one_hot)
        x = self.embedding(torch.cat([one_hot, speeds, directions[:, 1:]], dim=1))
        for layer in self.layers:
            x = layer(x, one_hot, senders, receivers, basis, harmonics, speeds, directions)
        out = self.target(self.readout(x)).view(-1, 2, 3)
        return out - out.mean(dim=0, keepdim=True)


def count(model):
    return sum(p.numel() for p in model.parameters())
