"""Writes e3nn.safetensors: values of e3nn 0.6.0 in double precision, for the tests of Irreps.

Run as `python generate.py` beside the file, with e3nn 0.6.0, sympy, torch and safetensors installed.
"""
import numpy as np
import torch
from e3nn import o3
from safetensors.torch import save_file
from sympy import N
from sympy.physics.wigner import wigner_3j

torch.set_default_dtype(torch.float64)
torch.manual_seed(29)
tensors = {}

# All triples to degree 4, and some to degree 11.
triples = [
    (a, b, c)
    for a in range(5)
    for b in range(5)
    for c in range(abs(a - b), min(a + b, 4) + 1)
]
triples += [(5, 5, 5), (6, 5, 4), (3, 8, 7), (8, 8, 8), (7, 8, 2), (10, 8, 6), (10, 10, 1), (11, 11, 2), (1, 10, 11)]
for a, b, c in triples:
    tensors[f"w3j.{a}.{b}.{c}"] = o3.wigner_3j(a, b, c)

# Exact values, for the relative error: |(a b c; m n −m−n)| of the complex basis, shape [2a+1, 2b+1].
for a, b, c in [(9, 8, 7), (11, 11, 11), (10, 4, 8)]:
    tensors[f"exact.{a}.{b}.{c}"] = torch.tensor([
        [
            float(abs(N(wigner_3j(a, b, c, m, n, -m - n), 30))) if abs(m + n) <= c else 0.0
            for n in range(-b, b + 1)
        ]
        for m in range(-a, a + 1)
    ])

vectors = torch.randn(12, 3)
vectors[0] = torch.tensor([0.0, 0.0, 1.0])
vectors[1] = torch.tensor([0.0, 1.0, 0.0])
vectors[2] = torch.tensor([-1.0, 0.0, 0.0])
vectors[3] = torch.tensor([0.0, 0.0, 0.0])
tensors["sh.vectors"] = vectors
for normalization in ("component", "integral", "norm"):
    for name, normalize in (("unit", True), ("raw", False)):
        tensors[f"sh.{name}.{normalization}"] = o3.spherical_harmonics(
            list(range(12)), vectors, normalize, normalization=normalization
        )

angles = torch.rand(5, 3) * torch.tensor([2 * np.pi, np.pi, 2 * np.pi])
tensors["rotation.angles"] = angles
tensors["rotation.matrix"] = o3.angles_to_matrix(*angles.T)
tensors["rotation.quaternion"] = o3.angles_to_quaternion(*angles.T)
for l in range(12):
    tensors[f"wignerD.{l}"] = o3.wigner_D(l, *angles.T)

# Symmetric powers. The basis within one irrep is free, the projector on it is not: recorded is, for
# pairs of feature vectors x and y, the sum over the basis of C(x, …, x) C(y, …, y), one number an irrep.
for name, irreps, formula in (
    ("2", "0e+1o+2e", "ij=ji"),
    ("2.multiplicity", "2x0e+2x1o", "ij=ji"),
    ("3", "0e+1o+2e", "ijk=jik=ikj"),
    ("4", "1o+0e", "ijkl=jikl=ikjl=ijlk"),
):
    reduced = o3.ReducedTensorProducts(formula, i=irreps)
    x, y = torch.randn(2, reduced.irreps_in[0].dim)
    c = reduced.change_of_basis
    a, b = c, c
    for _ in reduced.irreps_in:
        a, b = a @ x, b @ y
    present = sorted({ir for _, ir in reduced.irreps_out})
    kernel = torch.tensor([
        sum((a[s] * b[s]).sum() for s, (_, ir) in zip(reduced.irreps_out.slices(), reduced.irreps_out) if ir == i)
        for i in present
    ])
    multiplicity = torch.tensor([[i.l, i.p, reduced.irreps_out.count(i)] for i in present])
    tensors |= {
        f"symmetric.{name}.x": x, f"symmetric.{name}.y": y,
        f"symmetric.{name}.kernel": kernel, f"symmetric.{name}.irreps": multiplicity,
    }

save_file({k: v.contiguous() for k, v in tensors.items()}, "e3nn.safetensors")
