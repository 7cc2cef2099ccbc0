"""Writes the files of this folder that ASE writes, and what ASE reads from all of them.

Needs ase: python generate.py
"""

import glob
import json

import numpy as np
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.singlepoint import SinglePointCalculator
from ase.constraints import FixAtoms, FixCartesian
from ase.io import iread, write


def plain(value):
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "values": [plain(v) for v in value.ravel()]}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {"json": json.dumps(value, separators=(",", ":"))}
    return value


def described(atoms):
    arrays = {k: v for k, v in atoms.arrays.items() if k not in ("numbers", "positions")}
    info = dict(atoms.info)
    for name, value in (atoms.calc.results if atoms.calc else {}).items():
        (arrays if np.shape(value)[:1] == (len(atoms),) else info)[name] = value
    return {
        "symbols": atoms.get_chemical_symbols(),
        "positions": plain(atoms.positions),
        "cell": plain(np.array(atoms.cell)),
        "pbc": [bool(p) for p in atoms.pbc],
        "info": {k: plain(v) for k, v in info.items()},
        "arrays": {k: plain(v) for k, v in arrays.items()},
    }


def frames():
    random = np.random.default_rng(3)
    silicon = bulk("Si", cubic=True)
    silicon.rattle(0.1, seed=1)
    silicon.calc = SinglePointCalculator(
        silicon, energy=-43.210987654321, forces=random.normal(size=(8, 3)),
        stress=random.normal(size=6), magmom=0.5, energies=random.normal(size=8))
    yield silicon

    water = molecule("H2O")
    water.info.update(
        name="water", charge=-1, temperature=300.5, flag=True, other=False, sentence="two words",
        quote='say "hi"', small=1.5e-7, large=1e22, integers=np.array([1, -2, 3]),
        reals=np.array([0.1, 2.0, 1e-9]), truths=np.array([True, False]),
        matrix=np.arange(9.0).reshape(3, 3) / 7, table=np.arange(6).reshape(2, 3),
        nested={"a": [1, 2.5, None], "b": "x"}, words=["one", "two"], equation="E=mc2",
        virial=np.arange(9.0).reshape(3, 3))
    yield water

    slab = bulk("NaCl", "rocksalt", a=5.64).repeat((2, 2, 1))
    slab.pbc = (True, True, False)
    slab.set_tags(range(len(slab)))
    slab.set_initial_charges(random.normal(size=len(slab)))
    slab.set_momenta(random.normal(size=(len(slab), 3)))
    slab.arrays["label"] = np.array(["site%d" % i for i in range(len(slab))])
    slab.arrays["good"] = random.random(len(slab)) < 0.5
    slab.arrays["pair"] = random.normal(size=(len(slab), 2)) * 1e7
    slab.set_constraint(FixAtoms([0, 2]))
    yield slab

    chain = Atoms("CO", [[0, 0, 0], [-123456.789, 1e9, 1e-9]], cell=[0, 0, 3.5], pbc=(0, 0, 1))
    chain.set_constraint(FixCartesian(1, (True, False, True)))
    yield chain


write("ase.extxyz", list(frames()), format="extxyz")
write("ase-plain.xyz", list(frames()), format="xyz")
write("ase-vectors.xyz", list(frames())[0::2], format="extxyz", vec_cell=True)

expected = {}
for name in sorted(glob.glob("*xyz")):
    expected[name] = [described(atoms) for atoms in iread(name, index=":", format="extxyz")]
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=1)
