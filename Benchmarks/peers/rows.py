"""The rows of the comparison: the name of a benchmark of Clebsch, and the same work by its peers.

A peer is a function that does the work once and returns the seconds it took; what it needs is made
before. Inputs are random and of the same shapes, not the same numbers.
"""
import time
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(2)


class Row:
    def __init__(self, name, aims, prepare):
        self.name = name
        # The ratio that is aimed at, by peer.
        self.aims = aims
        # Given the folder of models: functions by peer; None where a model is missing.
        self.prepare = prepare


def timed(work):
    def run():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    run()
    return run


# Convolutions: e3nn's tensor product, its inputs gathered, its results summed by receiver.

CONVOLUTIONS = {
    "nequip-128x64x32-l2": ("128x0e+64x1e+32x2e", "1x0e+1x1e+1x2e", 2),
    "mace-128-l1": ("128x0e+128x1o", "1x0e+1x1o+1x2e+1x3o", 3),
}
NODES, EDGES = 512, 512 * 28


def channelwise(features, filters, highest):
    """All paths to the highest degree, each channel by itself, outputs sorted by irrep."""
    from e3nn import o3
    features, filters = o3.Irreps(features), o3.Irreps(filters)
    outputs, instructions = [], []
    for i, (mul, a) in enumerate(features):
        for j, (_, b) in enumerate(filters):
            for c in a * b:
                if c.l <= highest:
                    instructions.append((i, j, len(outputs), "uvu", True))
                    outputs.append((mul, c))
    outputs, order, _ = o3.Irreps(outputs).sort()
    instructions = [(i, j, order[k], mode, train) for i, j, k, mode, train in instructions]
    return o3.TensorProduct(features, filters, outputs, instructions, shared_weights=False,
                            internal_weights=False)


def convolution(shape, backward):
    def prepare(_):
        product = channelwise(*CONVOLUTIONS[shape])
        senders = torch.randint(NODES, (EDGES,))
        receivers = torch.arange(NODES).repeat_interleave(EDGES // NODES)
        x = torch.randn(NODES, product.irreps_in1.dim, requires_grad=backward)
        y = torch.randn(EDGES, product.irreps_in2.dim, requires_grad=backward)
        w = torch.randn(EDGES, product.weight_numel, requires_grad=backward)
        cotangent = torch.randn(NODES, product.irreps_out.dim)

        def forward():
            messages = product(x.index_select(0, senders), y, w)
            return torch.zeros(NODES, messages.shape[1]).index_add(0, receivers, messages)

        def both():
            torch.autograd.grad(forward(), [x, y, w], cotangent)

        return {"e3nn": timed(both if backward else forward)}
    return prepare


# Rows of nodes read for edges, and rows of edges added up for nodes. Of PyTorch's ways the fastest.

def gather(_):
    senders, rows = torch.randint(NODES, (EDGES,)), torch.randn(NODES, 480)
    out = torch.empty(EDGES, 480)
    into = timed(lambda: torch.index_select(rows, 0, senders, out=out))
    anew = timed(lambda: rows.index_select(0, senders))
    return {"PyTorch": lambda: min(into(), anew())}


def segment_sum(is_sorted):
    def prepare(_):
        rows = torch.randn(EDGES, 480)
        per_node = EDGES // NODES
        targets = (torch.arange(NODES).repeat_interleave(per_node) if is_sorted
                   else torch.randint(NODES, (EDGES,)))
        lengths = torch.full((NODES,), per_node)
        ways = [timed(lambda: torch.zeros(NODES, 480).index_add_(0, targets, rows))]
        if is_sorted:
            ways.append(timed(lambda: torch.segment_reduce(rows, "sum", lengths=lengths, unsafe=True)))
        return {"PyTorch": lambda: min(way() for way in ways)}
    return prepare


# Potentials: sevenn's calculator, which ASE asks for energy, forces and stress.

CHECKPOINTS = {"7net-0": "checkpoint_sevennet_0.pth", "7net-l3i5": "checkpoint_l3i5.pth"}
calculators = {}


def potential(model, cells):
    def prepare(models):
        path = models / CHECKPOINTS[model]
        if not path.exists():
            return None
        from ase.build import bulk
        from sevenn.calculator import SevenNetCalculator
        if model not in calculators:
            calculators[model] = SevenNetCalculator(str(path), device="cpu")
        seed = iter(range(1, 1_000_000))

        def run():
            atoms = bulk("Si", "diamond", a=5.43, cubic=True) * (cells, cells, cells)
            atoms.rattle(0.05, seed=next(seed))
            atoms.calc = calculators[model]
            start = time.perf_counter()
            atoms.get_potential_energy()
            atoms.get_forces()
            atoms.get_stress()
            return time.perf_counter() - start

        run()
        return {"sevenn": run}
    return prepare


def sevenn_scaling(models, known):
    """Seconds an atom by the number of atoms, beyond what is known; larger ones take minutes and much
    memory."""
    times = dict(known)
    for cells in (1, 2, 3, 4, 6):
        atoms = 8 * cells ** 3
        if atoms not in times:
            run = potential("7net-0", cells)(models)
            if run is None:
                return []
            times[atoms] = min(run["sevenn"]() for _ in range(2)) / atoms
    return sorted(times.items())


# Dense matrix products.

def product(rows, columns, depth):
    def prepare(_):
        a, b = torch.randn(rows, depth), torch.randn(depth, columns)
        out = torch.empty(rows, columns)
        first, second, result = a.numpy().copy(), b.numpy().copy(), np.empty((rows, columns), np.float32)
        # Into memory that is there, and into new memory: whichever PyTorch does faster.
        into, anew = timed(lambda: torch.matmul(a, b, out=out)), timed(lambda: a @ b)
        return {"PyTorch": lambda: min(into(), anew()),
                "NumPy": timed(lambda: np.matmul(first, second, out=result))}
    return prepare


# Spherical harmonics. sphericart stores the whole Jacobian; Clebsch contracts it with a cotangent, which
# is what a gradient asks for.

def harmonics(degree, gradient):
    def prepare(_):
        import sphericart
        vectors = np.random.randn(100_000, 3).astype(np.float32)
        calculator = sphericart.SphericalHarmonics(degree)
        compute = calculator.compute_with_gradients if gradient else calculator.compute
        return {"sphericart": timed(lambda: compute(vectors))}
    return prepare


def neighbours(cells):
    def prepare(_):
        import vesin
        from ase.build import bulk
        atoms = bulk("Si", "diamond", a=5.43, cubic=True) * (cells, cells, cells)
        atoms.rattle(0.1)
        search = vesin.NeighborList(cutoff=5.0, full_list=True)
        cell = np.array(atoms.cell)
        return {"vesin": timed(lambda: search.compute(
            points=atoms.positions, box=cell, periodic=True, quantities="ijSd"))}
    return prepare


def fusion(_):
    a, b = torch.randn(1 << 24), torch.randn(1 << 24)

    def chain(a, b):
        return (torch.nn.functional.silu(a * b + 0.5) * torch.exp(-b * b)).sum()

    compiled = torch.compile(chain)
    return {"torch.compile": timed(lambda: compiled(a, b))}


ALL = (
    [Row(f"convolution/{shape}/{kind}", {"e3nn": aim}, convolution(shape, backward))
     for shape in CONVOLUTIONS
     for kind, aim, backward in (("forward", 100, False), ("forward+backward", 80, True))]
    + [Row("gather/14336x480", {}, gather)]
    + [Row(f"segment-sum/14336x480/{kind}", {}, segment_sum(kind == "sorted"))
       for kind in ("sorted", "scattered")]
    + [Row(f"potential/{model}/si{8 * cells ** 3}", {"sevenn": aim}, potential(model, cells))
       for model, cells, aim in (("7net-0", 4, 30), ("7net-0", 3, 20), ("7net-0", 2, 15),
                                 ("7net-l3i5", 3, 25), ("7net-l3i5", 2, 15))]
    + [Row(f"gemm/{m}x{n}x{k}", {"PyTorch": 1.5, "NumPy": 0.85}, product(m, n, k))
       for m, n, k in ((14336, 960, 64), (1024, 1024, 1024), (1536, 64, 128), (3072, 128, 480))]
    + [Row(f"harmonics/l{degree}/{kind}", {"sphericart": aim}, harmonics(degree, "gradient" in kind))
       for degree, kind, aim in ((3, "forward", 1), (3, "forward+gradient", 1), (8, "forward", 1),
                                 (8, "forward+gradient", 3))]
    + [Row(f"neighbours/si{8 * cells ** 3}-5A", {"vesin": 2} if cells == 16 else {}, neighbours(cells))
       for cells in (6, 16)]
    + [Row("fusion/silu-gauss-sum-16M", {"torch.compile": 1}, fusion)]
)
