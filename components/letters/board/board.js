// The board itself: one row of weights, and everything on the screen follows it. No click asks the server, but one:
// "Learn on from these weights".

const MOUNTED = new WeakMap();
const LESS_MOTION = window.matchMedia("(prefers-reduced-motion: reduce)");
const GROWING = 300; // milliseconds in which new updates are shown growing
const UNDONE = 100;

class Board {
  constructor(root) {
    this.root = root;
    this.part = (selector) => root.querySelector(selector);
    this.cells = new Map();
    this.frame = 0;
    this.resized = new ResizeObserver(() => this.layOut());
    this.resized.observe(root);
    this.listen();
  }

  receive(data, learnOn) {
    this.learnOn = learnOn;
    this.part(".on").hidden = !data.hands_back;
    this.presented = data.staged;
    this.layOut();
    const known = this.reading;
    if (known && known.id === data.id && JSON.stringify(known.colours) === JSON.stringify(data.colours)) return;
    this.reading = data;
    this.paint = data.colours;
    for (const name of ["paper", "surface", "ink", "muted", "line", "accent", "bar"]) this.root.style.setProperty(`--${name}`, data.colours[name]);
    if (known && known.id === data.id) return this.show(null);
    const from = known && known.run === data.run ? known.updates[known.updates.length - 1] : null;
    this.open(data, from);
  }

  open(data, from) {
    cancelAnimationFrame(this.frame);
    const fresh = this.run !== data.run;
    this.run = data.run;
    this.layout = layoutOf(data);
    const [all, size] = [float32(data.shots), this.layout.size];
    this.shots = data.updates.map((_, i) => all.slice(i * size, (i + 1) * size));
    this.shots[this.shots.length - 1] = float64(data.now);
    if (fresh) {
      this.cells.clear();
      this.guesses = buildNet(this.part(".net"), data, this.layout, this.cells);
      buildMatrices(this.part(".matrices"), data, this.layout, this.cells);
      this.chosen = `h:${data.read.length}:0`;
      this.cells.get(this.chosen).tabIndex = 0;
      this.toTheEnd();
    }
    const last = this.shots.length - 1;
    this.part(".scrub").max = last;
    this.part(".scrubber").hidden = last === 0;
    const first = from === null ? last : data.updates.findIndex((update) => update > from);
    if (first < 0 || first >= last || LESS_MOTION.matches) return this.look(last);
    const begun = performance.now();
    const grow = (now) => {
      // A frame's time is when it was due: on a busy machine that is before ``begun``.
      const share = Math.max(0, now - begun) / GROWING;
      const place = Math.min(last, first + Math.floor(share * (last - first + 1)));
      this.look(place);
      if (place < last) this.frame = requestAnimationFrame(grow);
    };
    grow(begun);
  }

  // The weights after an update, as they were learnt.
  look(place) {
    this.place = place;
    this.learnt = this.shots[place];
    this.w = Float64Array.from(this.learnt);
    this.past = [];
    this.part(".scrub").value = place;
    this.show(null);
  }

  show(before) {
    const { reading, place } = this;
    this.values = forward(reading, this.layout, this.w);
    const changed = fill(this, before);
    const update = reading.updates[place];
    this.part(".update").textContent = update.toLocaleString("en");
    this.part(".scrub").setAttribute("aria-valuetext", `update ${update}`);
    this.part(".lossline").textContent = `Loss ${digits(this.values.loss, 3)}; guessing evenly among ${this.layout.V} would be ${digits(reading.even, 3)}.`;
    drawLoss(this.part(".loss"), reading.losses, reading.even, update, this.paint);
    const edited = this.w.reduce((count, weight, i) => count + (weight !== this.learnt[i] ? 1 : 0), 0);
    this.part(".undo").disabled = this.past.length === 0;
    this.part(".back").disabled = edited === 0;
    this.part(".on").disabled = edited === 0;
    this.part(".status").textContent = before
      ? `${changed} number${changed === 1 ? "" : "s"} changed, marked ▲ or ▼. ${edited} weight${edited === 1 ? " is" : "s are"} not as learnt${edited ? ", marked ✎" : ""}.`
      : "Choose any number to see where it comes from. Choose a weight to change it.";
    this.part(".status").hidden = this.staged && !before; // the step says so itself
    this.choose(this.chosen, false);
  }

  // The number that is looked at, and what it was computed from.
  choose(name, focus = true) {
    for (const cell of this.cells.values()) cell.classList.remove("chosen", "source");
    const old = this.cells.get(this.chosen);
    if (old) old.tabIndex = -1;
    this.chosen = name;
    const cell = this.cells.get(name);
    cell.classList.add("chosen");
    cell.tabIndex = 0;
    if (focus) cell.focus({ preventScroll: false });
    const { lines, sources, curve, note } = explain(name, this);
    sources.forEach((source) => this.cells.get(source)?.classList.add("source"));
    const value = valueOf(name, this.reading, this.layout, this.w, this.values);
    this.part(".title").textContent = `${nameOf(name, this)} = ${name[0] === "x" ? value : digits(value)}`;
    this.part(".lines").replaceChildren(...lines.map(([formula, numbers, result]) => {
      const line = element("div");
      line.append(element("em", "", formula), `${numbers} = `, element("b", "", result));
      return line;
    }));
    this.part(".note").textContent = note || "";
    this.offerEdit(name, value);
    this.drawCurves(name, curve);
  }

  offerEdit(name, value) {
    const editor = this.part(".editor");
    editor.hidden = name[0] !== "w";
    if (editor.hidden) return;
    const [slide, exact] = [this.part(".slide"), this.part(".exact")];
    const reach = Math.max(6, Math.ceil(Math.abs(value)));
    [slide.min, slide.max] = [-reach, reach];
    slide.value = value;
    if (this.root.getRootNode().activeElement !== exact) exact.value = Number(value.toFixed(3));
  }

  drawCurves(name, curve) {
    const { layout, values, reading } = this;
    const t = name[0] === "w" || name === "L" ? reading.read.length : Math.max(1, Number(name.split(":")[1]));
    const sums = { tanh: [], σ: [] };
    layout.parts.forEach((part, n) => {
      sums[part === "h" || part === "g" ? "tanh" : "σ"].push(...values.sums[t].slice(n * layout.H, (n + 1) * layout.H));
    });
    if (reading.cell === "LSTM") sums.tanh.push(...values.c[t]);
    const gated = sums.σ.length > 0;
    for (const [kind, selector] of [["tanh", ".tanh"], ["σ", ".sigmoid"]]) {
      const svg = this.part(selector);
      const chosen = curve && (curve.kind === kind || !gated) ? curve.a : null;
      drawCurve(svg, kind, kind === "tanh" || gated ? sums[kind] : sums.tanh, chosen, kind === "tanh" || gated, this.paint);
      svg.setAttribute("aria-label", `${kind === "σ" ? "sigmoid" : kind} with the sums at letter ${t} as points`);
    }
    this.root.classList.toggle("ungated", !gated);
    const other = gated || this.staged ? "" : ` The same sum under σ, as a gate would squash it: slope ${curve ? digits(CURVES.σ.slope(sigmoid(curve.a))) : ""} of at most 0.25. A SimpleRNN has no gate.`;
    this.part(".slope").hidden = this.staged && !curve;
    this.part(".slope").textContent = curve ? slopeText(curve.kind, curve.a) + other
      : `The points are the sums at letter ${t}. Beyond ±3 both curves are flat: slopes of tanh below 0.01, of σ below 0.05; a unit there is saturated, and hardly learns.`;
  }

  set(index, value) {
    if (!Number.isFinite(value) || Math.abs(value) > 1e6) return;
    if (!this.dragged) {
      this.dragged = { w: Float64Array.from(this.w), values: this.values };
      this.past.push(this.dragged);
      if (this.past.length > UNDONE) this.past.shift();
    }
    this.w[index] = value;
    this.show(this.dragged);
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    const now = { w: this.w, values: this.values };
    this.w = before.w;
    this.show(now);
  }

  back() {
    const now = { w: this.w, values: this.values };
    this.past.push(now);
    this.w = Float64Array.from(this.learnt);
    this.show(now);
  }

  listen() {
    const [slide, exact] = [this.part(".slide"), this.part(".exact")];
    for (const input of [slide, exact]) {
      input.oninput = () => input.value !== "" && this.set(Number(this.chosen.slice(2)), Number(input.value));
      input.onchange = () => {
        this.dragged = null;
      };
    }
    this.part(".undo").onclick = () => this.undo();
    this.part(".back").onclick = () => this.back();
    this.part(".turn").onclick = () => {
      const weights = this.root.classList.toggle("weights");
      this.part(".turn").textContent = weights ? "The timesteps" : "The weights";
    };
    this.part(".on").onclick = () => this.learnOn(Array.from(this.w));
    this.part(".scrub").oninput = () => {
      cancelAnimationFrame(this.frame);
      this.look(Number(this.part(".scrub").value));
    };
    this.root.onclick = (event) => {
      const name = event.target.closest?.("[data-name]")?.dataset.name;
      if (name) this.choose(name);
    };
    this.root.onkeydown = (event) => this.press(event);
    this.root.addEventListener("focusin", ({ target }) => {
      if (target.dataset?.name) target.setAttribute("aria-label", `${nameOf(target.dataset.name, this)}: ${target.textContent}`);
    });
  }

  press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && this.past.length) {
      event.preventDefault();
      return this.undo();
    }
    if (event.key === "Escape" && this.part(".editor").contains(event.target)) return this.cells.get(this.chosen).focus();
    const name = event.target.dataset?.name;
    if (!name) return undefined;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(name);
      if (name[0] === "w") this.part(".exact").focus();
      return undefined;
    }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return undefined;
    event.preventDefault();
    const next = this.beside(event.target, way);
    if (next) this.choose(next.dataset.name);
    return undefined;
  }

  // The nearest number in a direction.
  beside(from, [dx, dy]) {
    const middle = (cell) => {
      const { left, right, top, bottom } = cell.getBoundingClientRect();
      return [(left + right) / 2, (top + bottom) / 2];
    };
    const [x, y] = middle(from);
    let [nearest, best] = [null, Infinity];
    for (const cell of this.cells.values()) {
      const [a, b] = middle(cell);
      const [along, across] = [(a - x) * dx + (b - y) * dy, Math.abs((a - x) * dy) + Math.abs((b - y) * dx)];
      if (along > 2 && along + 4 * across < best) [nearest, best] = [cell, along + 4 * across];
    }
    return nearest;
  }

  // A long word's columns scroll; the number that is told of at first is one of the last letter's.
  toTheEnd() {
    if (this.staged && this.chosen === `h:${this.reading?.read.length}:0`) this.part(".scroller").scrollLeft = 1e6;
  }

  layOut() {
    const width = this.root.clientWidth;
    this.staged = this.presented && width >= 560; // on a phone there is no last row
    this.root.classList.toggle("staged", Boolean(this.staged));
    this.root.classList.toggle("narrow", width < 900);
    this.root.classList.toggle("big", width >= 1500);
    if (width !== this.width) this.toTheEnd();
    this.width = width;
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.resized.disconnect();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  if (!root || !data) return undefined;
  let board = MOUNTED.get(root);
  if (!board) {
    board = new Board(root);
    MOUNTED.set(root, board);
  }
  board.receive(data, (weights) => setTriggerValue("weights", weights));
  return () => {
    board.close();
    MOUNTED.delete(root);
  };
}
