// What a number was computed from, with the sum written out in the digits shown.

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const low = (number) => [...String(number)].map((digit) => SUBSCRIPTS[digit]).join("");
const MATRICES = { Wx: ["W", "x"], Wh: ["W", "h"], b: ["b", ""], Wy: ["W_hy", ""], by: ["b_y", ""] };

// W_xh, or W_xf of a forget gate.
function matrixName(name, part) {
  const [letter, from] = MATRICES[name];
  return name === "Wy" || name === "by" ? letter : `${letter}_${from}${part}`;
}

function nameOf(name, { reading, layout }) {
  const [kind, t, k] = name.split(":");
  if (kind === "w") {
    const { name: matrix, row, column } = layout.at(Number(t));
    const part = layout.parts[Math.floor(row / layout.H)];
    const unit = matrix === "Wy" || matrix === "by" ? `“${reading.letters[row]}”` : `unit ${(row % layout.H) + 1}`;
    const from = matrix === "Wx" ? `, letter “${reading.letters[column]}”` : matrix === "Wh" || matrix === "Wy" ? `, from unit ${column + 1}` : "";
    return `${matrixName(matrix, part)}, ${unit}${from}`;
  }
  if (kind === "L") return t === undefined ? "loss, mean of all letters" : `loss after letter ${t}`;
  const after = t === "0" ? "before the first letter" : `at letter ${t}, “${reading.letters[reading.read[t - 1]]}”`;
  if (kind === "x") return `x${low(t)}, “${reading.letters[k]}”`;
  if (kind === "y" || kind === "p") return `${kind === "p" ? "P" : "y"}${low(t)}(${reading.letters[k]}), ${TITLES[kind]} ${after}`;
  return `${kind}${low(t)}, ${TITLES[kind]} of unit ${Number(k) + 1} ${after}`;
}

// What a number is, as one line, with the names of what it is computed from; as a remark, where there is nothing to sum.
const summed = (formula, numbers, result, sources, curve = null) => ({ lines: [[formula, numbers, result]], sources, curve });
const remark = (note, sources = []) => ({ lines: [], sources, curve: null, note });

// {lines: [[formula, numbers, result]], sources: [names], curve: {kind, a} or null, note: of a remark}
function explain(name, board) {
  const { reading, layout, w, values } = board;
  const [kind, time, place] = name.split(":");
  const [t, k] = [Number(time), Number(place)];
  const { H } = layout;
  const units = Array.from({ length: H }, (_, unit) => unit);
  if (kind === "w") return explainWeight(t, board);
  if (kind === "x") return remark(`One-hot: 1 for the letter that is read, 0 for the ${layout.V - 1} other${layout.V === 2 ? "" : "s"}.`);
  if (kind === "L" && time === undefined) {
    const losses = values.L.slice(1);
    const places = agreed((...all) => all.reduce((a, b) => a + b, 0) / all.length, losses);
    const sum = losses.map((loss) => digits(loss, places)).join(" + ");
    return summed("L = mean of all", `(${sum}) / ${losses.length}`, digits(values.loss), losses.map((_, i) => `L:${i + 1}`));
  }
  if (kind === "L") {
    const right = reading.targets[t - 1];
    const p = values.p[t][right];
    return summed("L = −ln P(right)", `−ln(${digits(p, agreed((q) => -Math.log(q), [p]))})`, digits(values.L[t]), [`p:${t}:${right}`]);
  }
  if (kind === "p") {
    const softmax = (...y) => Math.exp(y[k]) / y.reduce((sum, value) => sum + Math.exp(value), 0);
    const places = agreed(softmax, values.y[t]);
    const powers = values.y[t].map((value) => `exp(${digits(value, places)})`);
    return summed("softmax", `${powers[k]} / (${powers.join(" + ")})`, digits(values.p[t][k]), powers.map((_, j) => `y:${t}:${j}`));
  }
  if (kind === "y") {
    const pairs = units.map((unit) => [w[layout.Wy(k, unit)], values.h[t][unit]]);
    const sources = [...units.flatMap((unit) => [`w:${layout.Wy(k, unit)}`, `h:${t}:${unit}`]), `w:${layout.by(k)}`];
    return summed("y = W_hy h + b_y", sumOf(pairs, w[layout.by(k)]), digits(values.y[t][k]), sources);
  }
  if (t === 0) return remark("The state begins at zero: nothing has been read yet.");
  if (kind === "c") {
    const [i, f, g, before] = [values.part[t][k], values.part[t][H + k], values.part[t][2 * H + k], values.c[t - 1][k]];
    const places = agreed((a, b, c, d) => a * b + c * d, [f, before, i, g]);
    const n = (value) => bracketed(value, places);
    const sources = [`f:${t}:${k}`, `c:${t - 1}:${k}`, `i:${t}:${k}`, `g:${t}:${k}`];
    return summed("c = f·c₋₁ + i·g", `${n(f)}·${n(before)} + ${n(i)}·${n(g)}`, digits(values.c[t][k]), sources);
  }
  if (kind === "h" && reading.cell === "LSTM") {
    const [o, c] = [values.part[t][3 * H + k], values.c[t][k]];
    const places = agreed((a, b) => a * Math.tanh(b), [o, c]);
    const numbers = `${digits(o, places)}·tanh(${digits(c, places)})`;
    return summed("h = o·tanh(c)", numbers, digits(values.h[t][k]), [`o:${t}:${k}`, `c:${t}:${k}`], { kind: "tanh", a: c });
  }
  if (kind === "h" && reading.cell === "GRU") {
    const [z, g, before] = [values.part[t][k], values.part[t][2 * H + k], values.h[t - 1][k]];
    const places = agreed((a, b, c) => a * b + (1 - a) * c, [z, before, g]);
    const n = (value) => bracketed(value, places);
    const numbers = `${n(z)}·${n(before)} + (1 − ${n(z)})·${n(g)}`;
    return summed("h = z·h₋₁ + (1 − z)·g", numbers, digits(values.h[t][k]), [`z:${t}:${k}`, `h:${t - 1}:${k}`, `g:${t}:${k}`]);
  }
  return explainPart(kind, t, k, board);
}

// A sum of the letter, the old state and a bias, and what tanh or σ makes of it.
function explainPart(part, t, k, { reading, layout, w, values }) {
  const row = layout.parts.indexOf(part) * layout.H + k;
  const units = Array.from({ length: layout.H }, (_, unit) => unit);
  const letter = reading.read[t - 1];
  const squash = part === "h" || part === "g" ? ["tanh", Math.tanh] : ["σ", sigmoid];
  const [a, result] = [values.sums[t][row], values.part[t][row]];
  const places = agreed(squash[1], [a]);
  const memory = units.map((unit) => [w[layout.Wh(row, unit)], values.h[t - 1][unit]]);
  const [wx, b] = [w[layout.Wx(row, letter)], w[layout.b(row)]];
  const lines = [];
  const sources = [`x:${t}:${letter}`, `w:${layout.Wx(row, letter)}`, ...units.flatMap((unit) => [`w:${layout.Wh(row, unit)}`, `h:${t - 1}:${unit}`]), `w:${layout.b(row)}`];
  if (reading.cell === "GRU" && part === "g") {
    const [reset, recalled] = [values.part[t][layout.H + k], values.recalled[t][k]];
    const size = agreed((x, r, m, bias) => x + r * m + bias, [wx, reset, recalled, b], places);
    lines.push(["m = W_hg h₋₁", sumOf(memory, 0, size).replace(/ \+ 0\.0+$/, ""), digits(recalled, size)]);
    lines.push(["a = W_xg x + r·m + b", `${digits(wx, size)}·1 + ${digits(reset, size)}·${bracketed(recalled, size)} + ${bracketed(b, size)}`, digits(a, places)]);
    sources.push(`r:${t}:${k}`);
  } else {
    lines.push([`a = W_x${part} x + W_h${part} h₋₁ + b`, sumOf([[wx, 1], ...memory], b, places), digits(a, places)]);
  }
  lines.push([`${part} = ${squash[0]}(a)`, `${squash[0]}(${digits(a, places)})`, digits(result)]);
  return { lines, sources, curve: { kind: squash[0], a } };
}

// Where a weight is used: the numbers that are computed from it directly.
function explainWeight(index, { reading, layout }) {
  const { name, row, column } = layout.at(index);
  const steps = reading.read.map((_, i) => i + 1);
  const output = name === "Wy" || name === "by";
  const target = output ? "y" : layout.parts[Math.floor(row / layout.H)];
  const used = name === "Wx" ? steps.filter((t) => reading.read[t - 1] === column) : name === "Wh" ? steps.slice(1) : steps;
  const times = used.length === 1 ? "once" : `${used.length} times`;
  const note = used.length
    ? `The same number is used ${times}, at every letter it has to do with: that is what recurrent means.`
    : name === "Wx" ? `“${reading.letters[column]}” is never read, so nothing depends on this number.` : "Nothing depends on this number.";
  return remark(note, used.map((t) => `${target}:${t}:${output ? row : row % layout.H}`));
}
