// The same arithmetic as models/letters/network.py: every number of one forward pass, by its name.
// A name is "h:2:0" (hidden state after timestep 2, unit 0), "w:17" (weight 17 of all in one row), "L:2", "L".

const PARTS = { SimpleRNN: ["h"], LSTM: ["i", "f", "g", "o"], GRU: ["z", "r", "g"] };
const TITLES = {
  i: "input gate", f: "forget gate", g: "candidate", o: "output gate", z: "update gate", r: "reset gate",
  h: "hidden state", c: "cell state", x: "letter", y: "logit", p: "probability",
};
const sigmoid = (a) => 0.5 + 0.5 * Math.tanh(0.5 * a);

// Where every weight stands in the row of all weights, and back.
function layoutOf({ cell, units, letters }) {
  const [H, V] = [units, letters.length];
  const parts = PARTS[cell];
  const rows = parts.length * H;
  const starts = { Wx: 0, Wh: rows * V, b: rows * (V + H), Wy: rows * (V + H + 1), by: rows * (V + H + 1) + V * H };
  return {
    H, V, parts, rows,
    size: starts.by + V,
    Wx: (row, letter) => row * V + letter,
    Wh: (row, unit) => starts.Wh + row * H + unit,
    b: (row) => starts.b + row,
    Wy: (output, unit) => starts.Wy + output * H + unit,
    by: (output) => starts.by + output,
    // What stands at a place: matrix, row, column.
    at(index) {
      const [name, columns] =
        index < starts.Wh ? ["Wx", V] : index < starts.b ? ["Wh", H] : index < starts.Wy ? ["b", 1] : index < starts.by ? ["Wy", H] : ["by", 1];
      const inside = index - starts[name];
      return { name, row: Math.floor(inside / columns), column: inside % columns };
    },
  };
}

function forward(reading, layout, w) {
  const { H, V, rows } = layout;
  const { read, targets, cell } = reading;
  const values = { h: [new Array(H).fill(0)], c: [new Array(H).fill(0)], y: [[]], p: [[]], sums: [[]], part: [[]], recalled: [[]], L: [0] };
  read.forEach((letter, i) => {
    const [t, old] = [i + 1, values.h[i]];
    const memory = Array.from({ length: rows }, (_, row) => old.reduce((sum, h, k) => sum + w[layout.Wh(row, k)] * h, 0));
    const inputs = memory.map((_, row) => w[layout.Wx(row, letter)] + w[layout.b(row)]);
    const sums = inputs.map((x, row) => x + memory[row]);
    const part = new Array(rows);
    const [h, c] = [new Array(H), new Array(H).fill(0)];
    for (let k = 0; k < H; k += 1) {
      if (cell === "SimpleRNN") h[k] = part[k] = Math.tanh(sums[k]);
      else if (cell === "LSTM") {
        for (const n of [0, 1, 3]) part[n * H + k] = sigmoid(sums[n * H + k]);
        part[2 * H + k] = Math.tanh(sums[2 * H + k]);
        c[k] = part[H + k] * values.c[i][k] + part[k] * part[2 * H + k];
        h[k] = part[3 * H + k] * Math.tanh(c[k]);
      } else {
        for (const n of [0, 1]) part[n * H + k] = sigmoid(sums[n * H + k]);
        const row = 2 * H + k;
        sums[row] = inputs[row] + part[H + k] * memory[row];
        part[row] = Math.tanh(sums[row]);
        h[k] = part[k] * old[k] + (1 - part[k]) * part[row];
      }
    }
    const y = Array.from({ length: V }, (_, j) => h.reduce((sum, value, k) => sum + w[layout.Wy(j, k)] * value, w[layout.by(j)]));
    const top = Math.max(...y);
    const powers = y.map((value) => Math.exp(value - top));
    const whole = powers.reduce((sum, value) => sum + value, 0);
    values.h.push(h); values.c.push(c); values.y.push(y); values.p.push(powers.map((power) => power / whole));
    values.sums.push(sums); values.part.push(part); values.recalled.push(memory.slice(2 * H));
    values.L.push(Math.log(whole) - (y[targets[i]] - top));
  });
  values.loss = values.L.reduce((sum, loss) => sum + loss, 0) / read.length;
  return values;
}

// The number of a name.
function valueOf(name, reading, layout, w, values) {
  const [kind, t, k] = name.split(":");
  if (kind === "w") return w[Number(t)];
  if (kind === "L") return t === undefined ? values.loss : values.L[t];
  if (kind === "x") return reading.read[t - 1] === Number(k) ? 1 : 0;
  if (kind in values && kind !== "part") return values[kind][t][k];
  return values.part[t][layout.parts.indexOf(kind) * layout.H + Number(k)];
}
