"""Writes mixture.extxyz and mixture.json: observables by direct sums, independent of Clebsch."""
import itertools, json
import numpy as np
from ase import Atoms, units
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write

rng = np.random.default_rng(7)
N, T, DT = 12, 24, 2.0
symbols = ["Na"] * 5 + ["Cl"] * 7
cell0 = np.array([[7.0, 0, 0], [2.0, 6.5, 0], [-1.0, 1.5, 7.5]])
frac = rng.random((N, 3))
walk = np.zeros((N, 3))
frames = []
for t in range(T):
    cell = cell0 * (1 + 0.01 * np.sin(0.4 * t))
    walk += 0.35 * rng.normal(size=(N, 3))
    atoms = Atoms(symbols, positions=frac @ cell + walk, cell=cell, pbc=True)
    atoms.wrap()
    atoms.set_momenta(rng.normal(size=(N, 3)) * np.sqrt(atoms.get_masses())[:, None] * 0.3)
    stress = 0.01 * rng.normal(size=6)
    atoms.calc = SinglePointCalculator(
        atoms, energy=rng.normal(), forces=rng.normal(size=(N, 3)), stress=stress)
    atoms.info["time_fs"] = 100 + DT * t
    frames.append(atoms)
write("mixture.extxyz", frames, format="extxyz")
frames = read("mixture.extxyz", ":")  # eight decimals: what the file holds is what counts

masses = frames[0].get_masses()
kind = np.array(symbols)
R, W, RB = 5.0, 0.25, 3.0
bins = round(R / W)
edges = np.arange(bins + 1) * W
shell = 4 / 3 * np.pi * np.diff(edges**3)
images = np.array(list(itertools.product(range(-3, 4), repeat=3)))


def pairs(atoms, cutoff):
    """Ordered pairs (i, j) with the vector from i to the image of j."""
    p, c = atoms.get_positions(), np.array(atoms.cell)
    for i in range(N):
        for j in range(N):
            d = p[j] - p[i] + images @ c
            r = np.linalg.norm(d, axis=1)
            for v, x in zip(d, r):
                if 1e-9 < x < cutoff:
                    yield i, j, v, x


labels = {"Na-Na": ("Na", "Na"), "Na-Cl": ("Na", "Cl"), "Cl-Cl": ("Cl", "Cl"), "Cl-Na": ("Cl", "Na")}
g = {k: np.zeros(bins) for k in ["all", *labels]}
n = {k: np.zeros(bins) for k in labels}
count = {"Na": 5, "Cl": 7}
adf = {}
for atoms in frames:
    V = atoms.get_volume()
    near = [[] for _ in range(N)]
    for i, j, v, x in pairs(atoms, R):
        k = int(x / W)
        g["all"][k] += V / (N * N * shell[k] * T)
        label = f"{kind[i]}-{kind[j]}"
        g[label][k] += V / (count[kind[i]] * count[kind[j]] * shell[k] * T)
        n[label][k] += 1 / (count[kind[i]] * T)
        if x < RB:
            near[i].append((kind[j], v))
    for i in range(N):
        for (a, u), (b, w) in itertools.combinations(near[i], 2):
            if ["Na", "Cl"].index(a) > ["Na", "Cl"].index(b):
                a, b = b, a
            degrees = np.degrees(np.arctan2(np.linalg.norm(np.cross(u, w)), u @ w))
            for label in ("all", f"{a}-{kind[i]}-{b}"):
                adf.setdefault(label, np.zeros(180))[min(179, int(degrees))] += 1

x = [frames[0].get_positions()]
for before, atoms in zip(frames, frames[1:]):
    c = np.array(atoms.cell)
    s = (atoms.get_positions() - before.get_positions()) @ np.linalg.inv(c)
    x.append(x[-1] + (s - np.round(s)) @ c)
x = np.array(x)
x -= ((x * masses[:, None]).sum(1) / masses.sum())[:, None]
v = np.array([a.get_velocities() for a in frames]) * units.fs
v -= ((v * masses[:, None]).sum(1) / masses.sum())[:, None]
half = T // 2
msd, vacf, spectrum = {}, {}, {}
lags = int(np.floor(DT * (T - 1) / 2 / DT + 0.5))  # half the trajectory
padded = 1
while padded < 8 * (lags + 1):
    padded *= 2
freq = np.arange(padded // 2 + 1) / (padded * DT / 1000)
total = None
for label in ("all", "Na", "Cl"):
    s = np.ones(N, bool) if label == "all" else kind == label
    msd[label] = [0.0] + [
        ((x[m:, s] - x[:-m, s]) ** 2).sum(-1).mean() for m in range(1, half + 1)]
    c = np.array([
        np.mean([(masses[s, None] * v[t, s] * v[t + m, s]).sum() for t in range(T - m)])
        for m in range(lags + 1)])
    total = c[0] if total is None else total
    vacf[label] = c / c[0]
    window = np.cos(np.pi / 2 * np.arange(lags + 1) / (lags + 1)) ** 2
    weights = np.where(np.arange(lags + 1) == 0, 0.5, 1.0)
    t = np.arange(lags + 1) * DT / 1000
    spectrum[label] = [
        4 * DT / 1000 * np.sum(c / total * window * weights * np.cos(2 * np.pi * f * t)) for f in freq]

def degrees(a, b):
    return np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))

kinetic = [0.5 * (masses[:, None] * a.get_velocities() ** 2).sum() for a in frames]
out = dict(
    radialCutoff=R, binWidth=W, bondCutoff=RB, radial=g, coordination={k: np.cumsum(y) for k, y in n.items()},
    angular={k: y / y.sum() for k, y in adf.items()}, msd=msd, vacf=vacf,
    spectrumFrequencies=freq, spectrum=spectrum,
    temperatures=[2 * k / ((3 * N - 3) * units.kB) for k in kinetic],
    volumes=[a.get_volume() for a in frames], cellParameters=np.array([a.cell.cellpar() for a in frames]).T,
    pressures=[
        (2 * k / 3 / a.get_volume() - a.get_stress()[:3].mean()) / units.GPa
        for k, a in zip(kinetic, frames)])
json.dump(out, open("mixture.json", "w"), default=lambda a: a.tolist())
