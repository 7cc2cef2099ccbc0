// Shows the structure: spheres, bonds between nonmetals, the cell's edges; turned with the mouse.
"use strict";
(() => {
  const structures = JSON.parse(document.getElementById("structures").textContent);
  const canvas = document.getElementById("stage");
  const context = canvas.getContext("2d");
  const slider = document.getElementById("frame");
  const output = document.getElementById("time");
  const play = document.getElementById("play");
  const which = document.getElementById("which");
  if (!structures.length || !context) return;

  // An atom on a face of the cell shakes through it; the faces give way a little, so that it does
  // not jump from one side to the other.
  const slack = 0.04;
  const home = multiply(rotation(0, 0.32), rotation(1, -0.42));
  let view = home;
  let zoom = 1;
  let current = 0;
  let structure = null;
  let timer = null;

  function rotation(axis, angle) {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return axis === 0 ? [1, 0, 0, 0, c, -s, 0, s, c] : [c, 0, s, 0, 1, 0, -s, 0, c];
  }
  function multiply(a, b) {
    return [0, 1, 2].flatMap((i) =>
      [0, 1, 2].map((j) => a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j]));
  }

  /** Positions, bonds and the cell of a frame, about the middle of the first one. */
  function load(data) {
    const bytes = Uint8Array.from(atob(data.positions), (c) => c.charCodeAt(0));
    const raw = new Uint16Array(bytes.buffer);
    const count = data.kinds.length;
    const frames = data.indices.map((_, index) => {
      const positions = new Float64Array(3 * count);
      for (let k = 0; k < 3 * count; k++) {
        positions[k] = data.low + data.step * raw[3 * count * index + k];
      }
      const cell = data.cells[index] || null;
      if (cell) wrap(positions, cell, data.periodic);
      return { positions, cell, bonds: null };
    });
    const bonding = data.elements.some((e) => e.isBonding);
    if (bonding && frames[0].cell && count <= 800) frames.forEach((frame) => makeWhole(frame, data));
    const centre = [0, 0, 0];
    const first = frames[0];
    if (first.cell) {
      for (let k = 0; k < 3; k++) {
        centre[k] = (first.cell[k] + first.cell[3 + k] + first.cell[6 + k]) / 2;
      }
    }
    // Along open axes, and without a cell, the atoms decide.
    if (!first.cell || data.periodic.includes(false)) {
      for (let k = 0; k < 3; k++) {
        let [low, high] = [Infinity, -Infinity];
        for (let i = k; i < 3 * count; i += 3) {
          low = Math.min(low, first.positions[i]);
          high = Math.max(high, first.positions[i]);
        }
        centre[k] = (low + high) / 2;
      }
    }
    let radius = 1;
    const reach = (x, y, z) => {
      radius = Math.max(radius, Math.hypot(x - centre[0], y - centre[1], z - centre[2]));
    };
    for (let i = 0; i < count; i++) reach(...first.positions.subarray(3 * i, 3 * i + 3));
    if (first.cell && !data.periodic.includes(false)) corners(first.cell).forEach((p) => reach(...p));
    return { data, frames, centre, radius: radius + 0.6, bonding, count };
  }

  const cross = (u, v) =>
    [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const dot = (u, v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

  /** A vector less whole lattice vectors, as many as `images` makes of its coordinates. */
  function reducer(m, periodic, images) {
    const vectors = [m.slice(0, 3), m.slice(3, 6), m.slice(6, 9)];
    const volume = dot(vectors[0], cross(vectors[1], vectors[2]));
    const normals = [0, 1, 2].map((k) =>
      cross(vectors[(k + 1) % 3], vectors[(k + 2) % 3]).map((x) => x / volume));
    return (p) => {
      const result = [...p];
      for (let k = 0; k < 3; k++) {
        const count = periodic[k] ? images(dot(normals[k], p)) : 0;
        if (count) for (let x = 0; x < 3; x++) result[x] -= count * vectors[k][x];
      }
      return result;
    };
  }

  function wrap(positions, cell, periodic) {
    const reduce = reducer(cell, periodic, (s) => Math.floor(s + slack));
    for (let i = 0; i < positions.length; i += 3) positions.set(reduce(positions.subarray(i, i + 3)), i);
  }

  function areBonded(one, two, distance) {
    return (one.isBonding || two.isBonding) && !(one.symbol === "H" && two.symbol === "H") &&
      distance > 0.4 && distance < 1.18 * (one.radius + two.radius);
  }

  /** Brings the atoms of a molecule together that the cell's faces cut; networks stay as they are. */
  function makeWhole({ positions, cell }, data) {
    const nearest = reducer(cell, data.periodic, Math.round);
    const count = data.kinds.length;
    const at = (i) => [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]];
    const neighbours = Array.from({ length: count }, () => []);
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const [one, two] = [data.elements[data.kinds[i]], data.elements[data.kinds[j]]];
        const reach = 1.18 * (one.radius + two.radius);
        const [a, b] = [at(i), at(j)];
        const d = nearest(b.map((x, k) => x - a[k]));
        if (Math.abs(d[0]) < reach && areBonded(one, two, Math.hypot(...d))) {
          neighbours[i].push(j);
          neighbours[j].push(i);
        }
      }
    }
    const seen = new Array(count).fill(false);
    for (let root = 0; root < count; root++) {
      if (seen[root]) continue;
      seen[root] = true;
      const placed = new Map([[root, at(root)]]);
      const queue = [root];
      let isFinite = true;
      while (queue.length) {
        const i = queue.pop();
        const from = placed.get(i);
        for (const j of neighbours[i]) {
          const step = nearest(at(j).map((x, k) => x - from[k]));
          const place = from.map((x, k) => x + step[k]);
          if (!placed.has(j)) {
            seen[j] = true;
            placed.set(j, place);
            queue.push(j);
          } else if (Math.hypot(...place.map((x, k) => x - placed.get(j)[k])) > 0.1) {
            isFinite = false;
          }
        }
      }
      if (isFinite) placed.forEach((place, i) => positions.set(place, 3 * i));
    }
  }

  function corners(m) {
    return [...Array(8).keys()].map((n) =>
      [0, 1, 2].map((k) => (n & 1) * m[k] + ((n >> 1) & 1) * m[3 + k] + (n >> 2) * m[6 + k]));
  }

  /** Pairs that are close enough to be bonded, at least one of them a nonmetal. */
  function bonds(frame, { data, count }) {
    const found = [];
    const size = 3.2;
    const bins = new Map();
    const key = (x, y, z) => `${x},${y},${z}`;
    const bin = (i) => [0, 1, 2].map((k) => Math.floor(frame.positions[3 * i + k] / size));
    for (let i = 0; i < count; i++) {
      const place = key(...bin(i));
      if (!bins.has(place)) bins.set(place, []);
      bins.get(place).push(i);
    }
    for (let i = 0; i < count; i++) {
      const one = data.elements[data.kinds[i]];
      const [x, y, z] = bin(i);
      for (let n = 0; n < 27; n++) {
        const near = bins.get(key(x + (n % 3) - 1, y + (Math.floor(n / 3) % 3) - 1, z + Math.floor(n / 9) - 1));
        for (const j of near || []) {
          if (j <= i) continue;
          const two = data.elements[data.kinds[j]];
          const d = Math.hypot(
            frame.positions[3 * i] - frame.positions[3 * j],
            frame.positions[3 * i + 1] - frame.positions[3 * j + 1],
            frame.positions[3 * i + 2] - frame.positions[3 * j + 2]);
          if (areBonded(one, two, d)) found.push([i, j]);
        }
      }
    }
    return found;
  }

  /** A shaded ball of a colour, drawn once; what is farther away is nearer to the background. */
  const sprites = new Map();
  function ball(colour, haze) {
    const level = Math.round(haze * 12);
    const name = `${colour}/${level}/${background()}`;
    if (sprites.has(name)) return sprites.get(name);
    const size = 96;
    const sprite = document.createElement("canvas");
    sprite.width = sprite.height = size;
    const pen = sprite.getContext("2d");
    const base = mix(parse(colour), parse(background()), (0.5 * level) / 12);
    const light = mix(base, [255, 255, 255], 0.55);
    const dark = mix(base, [0, 0, 0], 0.45);
    const shade = pen.createRadialGradient(size * 0.36, size * 0.32, size * 0.03, size * 0.5, size * 0.5, size * 0.5);
    shade.addColorStop(0, css(light));
    shade.addColorStop(0.45, css(base));
    shade.addColorStop(1, css(dark));
    pen.fillStyle = shade;
    pen.beginPath();
    pen.arc(size / 2, size / 2, size / 2 - 1, 0, 2 * Math.PI);
    pen.fill();
    sprites.set(name, sprite);
    return sprite;
  }
  const parse = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
  const mix = (a, b, t) => a.map((x, k) => x + t * (b[k] - x));
  const css = (c) => `rgb(${c.map(Math.round).join(",")})`;
  const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function background() {
    const colour = property("--raised");
    return colour.length === 4 ? "#" + [...colour.slice(1)].map((c) => c + c).join("") : colour;
  }

  function draw() {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = Math.min(window.devicePixelRatio || 1, 2.5);
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { frames, centre, radius, data, count, bonding } = structure;
    const frame = frames[current];
    const scale = ((zoom * Math.min(width, height)) / 2 / radius) * 0.98;
    const distance = 5 * radius;
    const project = (x, y, z) => {
      const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
      const depth = view[6] * dx + view[7] * dy + view[8] * dz;
      const size = (scale * distance) / (distance - depth);
      return [
        width / 2 + size * (view[0] * dx + view[1] * dy + view[2] * dz),
        height / 2 - size * (view[3] * dx + view[4] * dy + view[5] * dz),
        depth,
        size,
      ];
    };
    const items = [];
    const points = [];
    for (let i = 0; i < count; i++) {
      const p = frame.positions;
      const at = project(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      points.push(at);
      const element = data.elements[data.kinds[i]];
      const haze = Math.min(1, Math.max(0, 0.5 - at[2] / (2 * radius)));
      items.push([at[2], () => {
        const r = element.radius * (bonding ? 0.5 : 0.68) * at[3];
        context.drawImage(ball(element.colour, haze), at[0] - r, at[1] - r, 2 * r, 2 * r);
      }]);
    }
    if (bonding) {
      frame.bonds = frame.bonds || bonds(frame, structure);
      const ink = mix(parse(background()), document_ink(), 0.42);
      for (const [i, j] of frame.bonds) {
        const [a, b] = [points[i], points[j]];
        items.push([(a[2] + b[2]) / 2 - 0.01, () => {
          context.strokeStyle = css(ink);
          context.lineWidth = 0.2 * a[3];
          context.beginPath();
          context.moveTo(a[0], a[1]);
          context.lineTo(b[0], b[1]);
          context.stroke();
        }]);
      }
    }
    if (frame.cell) {
      // In pieces, so that atoms hide of an edge what lies behind them.
      const pieces = 14;
      const all = corners(frame.cell);
      const line = property("--soft");
      for (let n = 0; n < 8; n++) {
        for (const bit of [1, 2, 4]) {
          if (n & bit) continue;
          const [from, to] = [all[n], all[n | bit]];
          for (let k = 0; k < pieces; k++) {
            const [a, b] = [k / pieces, (k + 1) / pieces].map((t) =>
              project(...from.map((x, axis) => x + t * (to[axis] - x))));
            items.push([(a[2] + b[2]) / 2, () => {
              context.strokeStyle = line;
              context.lineWidth = 1;
              context.beginPath();
              context.moveTo(a[0], a[1]);
              context.lineTo(b[0], b[1]);
              context.stroke();
            }]);
          }
        }
      }
    }
    context.lineCap = "round";
    items.sort((a, b) => a[0] - b[0]);
    for (const item of items) item[1]();
  }
  const document_ink = () => parse(property("--ink").length === 7 ? property("--ink") : "#000000");

  function show(index) {
    current = index;
    slider.value = index;
    const { data } = structure;
    if (data.times.length) {
      const time = data.times[index];
      const isLong = data.times[data.times.length - 1] > 3000;
      output.textContent = isLong ? (time / 1000).toFixed(2) + " ps" : time.toFixed(1) + " fs";
    } else {
      output.textContent = "frame " + data.indices[index];
    }
    schedule();
  }
  let isScheduled = false;
  function schedule() {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      draw();
    });
  }
  function select(index) {
    structure = load(structures[index]);
    slider.max = structure.frames.length - 1;
    const controls = structure.frames.length > 1;
    slider.hidden = play.hidden = !controls;
    const list = document.getElementById("elements");
    list.replaceChildren(...structure.data.elements.map((element) => {
      const item = document.createElement("li");
      const dot = document.createElement("i");
      dot.style.background = element.colour;
      item.append(dot, element.symbol + "  " + element.count);
      return item;
    }));
    show(0);
  }
  function toggle() {
    if (timer) {
      clearInterval(timer);
      timer = null;
    } else {
      timer = setInterval(() => show((current + 1) % structure.frames.length), 60);
    }
    play.textContent = timer ? "\u275A\u275A" : "\u25B6";
    play.setAttribute("aria-label", timer ? "Pause" : "Play");
  }
  function turn(dx, dy) {
    view = multiply(multiply(rotation(0, dy), rotation(1, dx)), view);
    schedule();
  }
  function enlarge(factor) {
    zoom = Math.min(20, Math.max(0.2, zoom * factor));
    schedule();
  }

  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    drag = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    turn((event.clientX - drag[0]) * 0.008, (event.clientY - drag[1]) * 0.008);
    drag = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (drag = null));
  // The page must scroll past the picture: the wheel zooms only once it has been clicked.
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    enlarge(Math.exp(-event.deltaY * 0.0015));
  }, { passive: false });
  canvas.addEventListener("dblclick", () => {
    view = home;
    zoom = 1;
    schedule();
  });
  canvas.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    if (steps[event.key]) turn(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") enlarge(1.15);
    else if (event.key === "-") enlarge(1 / 1.15);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  });
  document.getElementById("closer").addEventListener("click", () => enlarge(1.25));
  document.getElementById("farther").addEventListener("click", () => enlarge(0.8));
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => show(Number(slider.value)));
  if (which) which.addEventListener("change", () => select(Number(which.value)));
  new ResizeObserver(schedule).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", schedule);
  window.addEventListener("beforeprint", draw);
  select(0);
})();
