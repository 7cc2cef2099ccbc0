// Reads values off the plots: a line follows the pointer, a box says what the curves are there.
"use strict";
(() => {
  const number = (value, range) => {
    const digits = Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(range || 1))));
    return value.toFixed(digits).replace("-", "\u2212");
  };
  for (const chart of document.querySelectorAll("svg.chart")) {
    const [left, right, top, bottom, x0, x1, y0, y1] = chart.dataset.frame.split(" ").map(Number);
    const curves = [...chart.querySelectorAll("polyline")]
      .filter((line) => !line.classList.contains("dashed"))
      .map((line) => ({
        line,
        label: line.dataset.label,
        points: line.getAttribute("points").split(" ").map((p) => p.split(",").map(Number)),
      }));
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("y1", top);
    cursor.setAttribute("y2", bottom);
    const box = document.createElement("div");
    box.className = "readout";
    const hide = () => {
      cursor.remove();
      box.remove();
    };
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("pointermove", (event) => {
      const area = chart.getBoundingClientRect();
      const scale = 460 / area.width;
      const at = (event.clientX - area.left) * scale;
      if (at < left || at > right) return hide();
      const lines = curves.map(({ line, label, points }) => {
        const nearest = points.reduce((a, b) => (Math.abs(b[0] - at) < Math.abs(a[0] - at) ? b : a));
        if (Math.abs(nearest[0] - at) > 12) return null;
        const y = y0 + ((bottom - nearest[1]) / (bottom - top)) * (y1 - y0);
        const row = document.createElement("span");
        const mark = document.createElement("i");
        mark.style.background = getComputedStyle(line).color;
        row.append(mark, curves.length > 1 ? label + "  " : "", number(y, y1 - y0));
        return row;
      });
      const head = document.createElement("b");
      head.textContent =
        number(x0 + ((at - left) / (right - left)) * (x1 - x0), x1 - x0) + " " + chart.dataset.x;
      box.replaceChildren(head, ...lines.filter(Boolean));
      cursor.setAttribute("x1", at);
      cursor.setAttribute("x2", at);
      chart.append(cursor);
      const figure = chart.closest("figure");
      figure.append(box);
      const offset = figure.getBoundingClientRect();
      const x = event.clientX - offset.left;
      box.style.top = area.top - offset.top + 10 + "px";
      const isRight = x + 16 + box.offsetWidth > figure.offsetWidth;
      box.style.left = (isRight ? x - 16 - box.offsetWidth : x + 16) + "px";
    });
  }
})();
