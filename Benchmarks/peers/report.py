"""What a comparison found, as text, as tables of docs/performance.md, and as a picture."""
import importlib.metadata
import math
import platform
import subprocess
import time
from pathlib import Path

BEGIN, END = "<!-- {}: written by Benchmarks/compare --write -->", "<!-- end of {} -->"


def machine():
    """The machine and the versions, in words."""
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                if line.startswith("model name")), platform.processor())
    flags = next((line.split() for line in open("/proc/cpuinfo") if line.startswith("flags")), [])
    vectors = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"
    cores = sum(line.startswith("processor") for line in open("/proc/cpuinfo"))
    root = Path(__file__).resolve().parent.parent.parent
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True,
                            text=True).stdout.strip()
    versions = {name: importlib.metadata.version(name)
                for name in ("torch", "e3nn", "sevenn", "numpy", "sphericart", "vesin")}
    return {"date": time.strftime("%Y-%m-%d"), "cpu": f"{cpu}, {cores} cores, {vectors}",
            "commit": commit, "versions": versions}


def duration(seconds):
    for scale, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * scale >= 1 or unit == "µs":
            return f"{seconds * scale:.3g} {unit}"


def work_time(row, seconds):
    """The time of the work; of an atom where there are some, as that is what people compare."""
    atoms = row["clebsch"].get("atoms")
    if atoms and row["name"].startswith("potential"):
        return f"{seconds / atoms * 1e6:.0f} µs an atom"
    return duration(seconds)


def cells(rows):
    """The cells of the table, a row for each peer."""
    for row in rows:
        ours = row["clebsch"]
        for peer, seconds in row["peers"].items():
            ratio, aim = seconds / ours["seconds"], row["aims"].get(peer)
            yield (f"`{row['name']}`", work_time(row, ours["seconds"]),
                   f"{ours['GFLOP_per_second']:.0f}", f"{100 * ours['fma_fraction']:.0f} %",
                   f"{ours['GB_per_second']:.1f}", f"{100 * ours['copy_fraction']:.0f} %",
                   f"{peer}: {work_time(row, seconds)}", f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}",
                   f"{aim:g}" if aim else "")


HEAD = ("work", "Clebsch", "GFLOP/s", "of limit", "GB/s", "of copy", "peer", "ratio", "aim")


def lines(rows):
    return ["  ".join(found) for found in cells(rows)]


def table(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + list(rows))


def summary(results):
    """When and on what, as a paragraph."""
    machine, rows = results["machine"], results["rows"]
    device = rows[0]["clebsch"] if rows else {"device": "", "driver": ""}
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (f"{machine['date']}, commit {machine['commit']}: {machine['cpu']}; OpenCL device "
            f"`{device['device']}`, driver {device['driver']}. Peers with two threads: {versions}. "
            f"The run took {results['minutes']:.0f} minutes.")


def scaling_table(results):
    sevenn = dict(results["scaling"]["sevenn"])
    rows = []
    for point in results["scaling"]["clebsch"]:
        theirs = sevenn.get(point["atoms"])
        rows.append((f"{point['atoms']:,}", f"{point['microseconds_per_atom']:.0f}",
                     f"{point['peak_resident_bytes'] / 1e9:.2f}",
                     f"{point['peak_device_bytes'] / 1e9:.2f}",
                     f"{theirs * 1e6:.0f}" if theirs else ""))
    return table(("atoms", "Clebsch, µs an atom", "resident, GB", "of it buffers, GB",
                  "sevenn, µs an atom"), rows)


def size_rows(results):
    """Two sentences of the issue of size: cost and memory of 100,000 atoms."""
    points = {point["atoms"]: point for point in results["scaling"]["clebsch"]}
    small, large = points[4000], points[100000]
    ratio = large["microseconds_per_atom"] / small["microseconds_per_atom"]
    return (f"An atom among 100,000 takes {ratio:.2f} times as long as one among 4,000 (aim: at most "
            f"1.2); 100,000 atoms take {large['peak_resident_bytes'] / 1e9:.1f} GB of memory, energy and "
            "forces (aim: 12 GB).")


def text(results):
    parts = [summary(results), "", table(HEAD, cells(results["rows"]))]
    if results["scaling"]:
        parts += ["", scaling_table(results), "", size_rows(results)]
    return "\n".join(parts)


def write(results, docs):
    """Replaces the marked parts of docs/performance.md, and draws the picture."""
    page = docs / "performance.md"
    content = page.read_text()
    parts = {"comparison": summary(results) + "\n\n" + table(HEAD, cells(results["rows"]))}
    if results["scaling"]:
        parts["scaling"] = scaling_table(results) + "\n\n" + size_rows(results)
        (docs / "performance-scaling.svg").write_text(picture(results["scaling"]))
    for name, part in parts.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, rest = content.split(begin)
        content = before + begin + "\n" + part + "\n" + end + rest.split(end)[1]
    page.write_text(content)


# The picture: µs an atom against the number of atoms, both logarithmic.

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 96, 48, 46, 58
SERIES = (("Clebsch", "#0b63c5"), ("sevenn on PyTorch", "#b5542c"))


def picture(scaling):
    ours = [(point["atoms"], point["microseconds_per_atom"]) for point in scaling["clebsch"]]
    theirs = [(atoms, seconds * 1e6) for atoms, seconds in scaling["sevenn"]]
    series = [points for points in (ours, theirs) if points]
    values = [y for points in series for _, y in points]
    decades_x = (math.floor(math.log10(min(x for p in series for x, _ in p))),
                 math.ceil(math.log10(max(x for p in series for x, _ in p))))
    decades_y = (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))

    def place(x, y):
        across = (math.log10(x) - decades_x[0]) / (decades_x[1] - decades_x[0])
        up = (math.log10(y) - decades_y[0]) / (decades_y[1] - decades_y[0])
        return (LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM))

    def label(text, x, y, anchor="middle", extra=""):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{text}</text>'

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="13" fill="#222">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           label("SevenNet-0 on silicon: energy, forces and stress", LEFT, 24, "start",
                 'font-size="15" font-weight="bold"')]
    for decade in range(decades_x[0], decades_x[1] + 1):
        x, bottom = place(10 ** decade, 10 ** decades_y[0])
        _, top = place(10 ** decade, 10 ** decades_y[1])
        out.append(f'<line x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{top:.1f}" stroke="#ddd"/>')
        out.append(label(f"{10 ** decade:,}", x, bottom + 18))
    for decade in range(decades_y[0], decades_y[1] + 1):
        for step in (1, 2, 5):
            value = step * 10 ** decade
            if value > 10 ** decades_y[1]:
                continue
            left, y = place(10 ** decades_x[0], value)
            right, _ = place(10 ** decades_x[1], value)
            shade = "#ddd" if step == 1 else "#f0f0f0"
            out.append(f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="{shade}"/>')
            out.append(label(f"{value:,}", left - 8, y + 4, "end"))
    out.append(label("atoms", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(label("µs an atom", 20, middle, extra=f'transform="rotate(-90 20 {middle:.1f})"'))
    for points, (name, colour) in zip((ours, theirs), SERIES):
        if not points:
            continue
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        for x, y in points:
            centre = place(x, y)
            out.append(f'<circle cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" r="3.6" fill="{colour}"/>')
        x, y = place(*points[-1])
        anchor = "end" if x > WIDTH - 160 else "start"
        shift = (0, -12) if anchor == "end" else (10, 4)
        out.append(label(name, x + shift[0], y + shift[1], anchor, f'fill="{colour}" font-weight="bold"'))
    return "\n".join(out + ["</svg>", ""])
