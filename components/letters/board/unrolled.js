// The numbers laid out: one column a timestep, and the matrices. Built once a network, filled at every change.

const NOTES = { x: "letter, one-hot", h: "hidden state", c: "cell state", y: "W_hy h + b_y", p: "softmax" };

// A number that can be chosen; what it shows is written by ``fill``.
function numberCell(name, cells, kind = "") {
  const made = element("div", `n ${kind}`);
  made.dataset.name = name;
  made.setAttribute("role", "button");
  made.tabIndex = -1;
  cells.set(name, made);
  return made;
}

function buildNet(net, reading, layout, cells) {
  const steps = reading.read.map((_, i) => i + 1);
  const started = ["h", "c"];
  const rows = ["x", ...(reading.cell === "SimpleRNN" ? [] : layout.parts), ...(reading.cell === "LSTM" ? ["c"] : []), "h", "y", "p"];
  const labels = { x: reading.letters, y: reading.letters, p: reading.letters };
  const at = (made, row, column) => {
    made.style.gridRow = row;
    made.style.gridColumn = column;
    return made;
  };
  const made = [at(element("div", "row name"), 1, 1)];
  const start = element("div", "letter");
  start.append(element("small", "", "start"));
  made.push(at(start, 1, 2));
  steps.forEach((t) => {
    const head = element("div", "letter", reading.letters[reading.read[t - 1]]);
    head.append(element("small", "", `letter ${t}`));
    made.push(at(head, 1, t + 2));
  });
  rows.forEach((kind, i) => {
    const name = element("div", "row name");
    const words = element("div");
    words.append(element("b", "", kind === "p" ? "P" : kind), element("br"), element("small", "", NOTES[kind] || TITLES[kind]));
    const marks = element("div", "labels");
    const names = labels[kind] || Array.from({ length: layout.H }, (_, k) => String(k + 1));
    marks.append(...names.map((text) => element("span", "", text)));
    name.append(words, marks);
    made.push(at(name, i + 2, 1));
    for (const t of started.includes(kind) ? [0, ...steps] : steps) {
      const column = element("div", `row${started.includes(kind) && t ? " carries" : ""}`);
      const vector = element("div", "vector");
      names.forEach((text, k) => {
        const cell = numberCell(`${kind}:${t}:${k}`, cells, kind === "p" ? "bar" : "");
        if (kind === "p" && reading.targets[t - 1] === k) cell.classList.add("right");
        vector.append(cell);
      });
      column.append(vector);
      made.push(at(column, i + 2, t + 2));
    }
  });
  const last = rows.length + 2;
  const head = element("div", "row name");
  head.append(element("small", "", "guess, and −ln P(right)"));
  made.push(at(head, last, 1));
  const guesses = steps.map((t) => {
    const box = element("div", "row guess");
    const [letter, verdict] = [element("b"), element("span")];
    box.append(letter, verdict, numberCell(`L:${t}`, cells));
    made.push(at(box, last, t + 2));
    return { letter, verdict };
  });
  net.replaceChildren(...made);
  return guesses;
}

function buildMatrices(box, reading, layout, cells) {
  const table = (title, size, columns, rows, name) => {
    const made = element("div", "matrix");
    made.tabIndex = 0;
    made.setAttribute("role", "region");
    made.setAttribute("aria-label", `${title}, ${size}`);
    const heading = element("h3", "", title);
    heading.append(" ", element("small", "", size));
    const grid = element("div", "cells");
    grid.style.gridTemplateColumns = `repeat(${columns.length + 1}, max-content)`;
    grid.append(element("span"), ...columns.map((text) => element("span", "", text)));
    rows.forEach((text, row) => {
      grid.append(element("span", "", text), ...columns.map((_, column) => name(row, column)));
    });
    made.append(heading, grid);
    return made;
  };
  const weight = (index) => numberCell(`w:${index}`, cells);
  const units = Array.from({ length: layout.H }, (_, k) => String(k + 1));
  const rows = layout.parts.flatMap((part) => units.map((unit) => (layout.parts.length > 1 ? `${part} ${unit}` : unit)));
  const all = layout.parts.length > 1 ? `, gates ${layout.parts.join(", ")} one below the other` : "";
  const plain = (row, column) => element("div", "n plain", row === column ? "1" : "0");
  box.replaceChildren(
    table("Vocabulary", "each letter’s one-hot row", reading.letters, reading.letters, plain),
    table("W_xh", `${rows.length} × ${layout.V}: what a letter does to each unit${all}`, reading.letters, rows, (row, column) => weight(layout.Wx(row, column))),
    table("W_hh", `${rows.length} × ${layout.H}: what the old state does to the new one`, units, rows, (row, column) => weight(layout.Wh(row, column))),
    table("b_h", "bias", [""], rows, (row) => weight(layout.b(row))),
    table("W_hy", `${layout.V} × ${layout.H}: what each unit says for each answer`, units, reading.letters, (row, column) => weight(layout.Wy(row, column))),
    table("b_y", "bias", [""], reading.letters, (row) => weight(layout.by(row))),
  );
}

// Write every number, with its colour; what differs from ``before`` is marked with its direction.
function fill(board, before) {
  const { cells, reading, layout, w, values, paint, learnt } = board;
  let changed = 0;
  const widest = Math.max(1, ...Array.from(w, Math.abs));
  for (const [name, cell] of cells) {
    const value = valueOf(name, reading, layout, w, values);
    const kind = name[0];
    cell.textContent = kind === "x" ? String(value) : digits(value);
    const was = before ? valueOf(name, reading, layout, before.w, before.values) : value;
    const moved = Math.abs(value - was) > 1e-12;
    changed += moved && kind !== "w" ? 1 : 0;
    cell.classList.toggle("up", moved && value > was);
    cell.classList.toggle("down", moved && value < was);
    if (kind === "w") cell.classList.toggle("edited", w[name.slice(2)] !== learnt[name.slice(2)]);
    if (kind === "p") cell.style.setProperty("--p", value.toFixed(4));
    else if (kind === "x") cell.classList.toggle("zero", value === 0);
    else if (kind !== "L") {
      const gate = "ifozr".includes(kind);
      const rgb = gate ? shade(paint.sequential, value) : shade(paint.diverging, (value / (kind === "w" || kind === "y" ? widest : 1) + 1) / 2);
      cell.style.background = `rgb(${rgb.join(",")})`;
      cell.style.color = inkOn(rgb);
    }
  }
  board.guesses.forEach(({ letter, verdict }, i) => {
    const p = values.p[i + 1];
    const best = p.indexOf(Math.max(...p));
    const right = reading.targets[i];
    letter.textContent = reading.letters[best];
    verdict.textContent = best === right ? "✓ right" : `✗ not “${reading.letters[right]}”`;
  });
  return changed;
}
