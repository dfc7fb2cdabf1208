// The curves: tanh and sigmoid with this step's values on them, and the loss while it was learnt.

const CURVES = {
  tanh: { f: Math.tanh, slope: (y) => 1 - y * y, low: -1, most: 1 },
  σ: { f: sigmoid, slope: (y) => y * (1 - y), low: 0, most: 0.25 },
};
const REACH = 5;

// One curve with points; the chosen one with its tangent.
function drawCurve(svg, kind, points, chosen, used, paint) {
  const { f, slope, low } = CURVES[kind];
  const [width, height, pad] = [240, 132, 14];
  const x = (a) => pad + ((Math.max(-REACH, Math.min(REACH, a)) + REACH) / (2 * REACH)) * (width - 2 * pad);
  const y = (value) => height - 20 - ((value - low) / (1 - low)) * (height - 36);
  const path = Array.from({ length: 81 }, (_, i) => {
    const a = -REACH + (i * 2 * REACH) / 80;
    return `${i ? "L" : "M"}${x(a).toFixed(1)} ${y(f(a)).toFixed(1)}`;
  }).join("");
  const line = (x1, y1, x2, y2, more) => drawn("line", { x1, y1, x2, y2, stroke: paint.line, ...more });
  const parts = [
    line(pad, y(0), width - pad, y(0)), line(x(0), y(low), x(0), y(1)),
    line(pad, y(1), width - pad, y(1), { "stroke-dasharray": "2 4" }), line(pad, y(low), width - pad, y(low), { "stroke-dasharray": "2 4" }),
    drawn("path", { d: path, fill: "none", stroke: used ? paint.ink : paint.muted, "stroke-width": used ? 2.5 : 1.5 }),
    ...[-4, -2, 0, 2, 4].map((a) => drawn("text", { x: x(a), y: height - 4, "text-anchor": "middle", fill: paint.muted }, minus(String(a)))),
    drawn("text", { x: pad, y: y(1) - 4, fill: paint.muted }, "1"),
    drawn("text", { x: pad, y: y(low) - 4, fill: paint.muted }, minus(String(low))),
    ...points.map((a) => drawn("circle", { cx: x(a), cy: y(f(a)), r: 3.5, fill: used ? paint.ink : "none", stroke: used ? paint.ink : paint.muted, opacity: 0.7 })),
  ];
  if (chosen !== null) {
    const [value, reach] = [f(chosen), 1.3];
    const s = slope(value);
    if (Math.abs(chosen) <= REACH) parts.push(drawn("line", { x1: x(chosen - reach), y1: y(value - s * reach), x2: x(chosen + reach), y2: y(value + s * reach), stroke: paint.accent, "stroke-width": 2, "stroke-dasharray": "6 3" }));
    parts.push(drawn("circle", { cx: x(chosen), cy: y(value), r: 7, fill: paint.accent, stroke: paint.paper, "stroke-width": 2, class: "chosen" }));
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...parts);
}

// What the slope at a sum says.
function slopeText(kind, a) {
  const { f, slope, most } = CURVES[kind];
  const value = f(a);
  const s = slope(value);
  const share = s / most;
  const formula = kind === "tanh" ? "1 − tanh(a)²" : "σ(a)·(1 − σ(a))";
  const meaning = share < 0.1 ? "saturated: the curve is flat here, and next to nothing of the gradient comes through"
    : share < 0.5 ? "on the bend: less than half of the gradient comes through" : "on the steep part: the gradient comes through";
  return `Slope ${formula} = ${digits(s)}, of at most ${most}: ${meaning}.`;
}

function drawLoss(svg, losses, even, update, paint) {
  const [width, height, left, bottom] = [300, 96, 41, 18];
  const last = Math.max(1, losses[losses.length - 1][0]);
  const top = Math.max(even, ...losses.map(([, loss]) => loss)) * 1.05;
  const x = (at) => left + (at / last) * (width - left - 8);
  const y = (loss) => 6 + (1 - loss / top) * (height - bottom - 8);
  const path = (some) => some.map(([at, loss], i) => `${i ? "L" : "M"}${x(at).toFixed(1)} ${y(loss).toFixed(1)}`).join("");
  const seen = losses.filter(([at]) => at <= update);
  const [at, loss] = seen[seen.length - 1];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(
    drawn("line", { x1: left, y1: y(0), x2: width - 8, y2: y(0), stroke: paint.line }),
    drawn("line", { x1: left, y1: y(even), x2: width - 8, y2: y(even), stroke: paint.muted, "stroke-dasharray": "3 4" }),
    drawn("text", { x: left - 5, y: y(even) + 4, "text-anchor": "end", fill: paint.muted }, digits(even)),
    drawn("text", { x: left - 5, y: y(0) + 4, "text-anchor": "end", fill: paint.muted }, "0"),
    drawn("text", { x: width - 8, y: height - 3, "text-anchor": "end", fill: paint.muted }, `update ${last.toLocaleString("en")}`),
    drawn("text", { x: width - 8, y: y(even) + 4, "text-anchor": "end", "dominant-baseline": "hanging", fill: paint.muted }, "even guessing"),
    drawn("path", { d: path(losses), fill: "none", stroke: paint.line, "stroke-width": 2 }),
    drawn("path", { d: path(seen), fill: "none", stroke: paint.ink, "stroke-width": 2.5 }),
    drawn("circle", { cx: x(at), cy: y(loss), r: 4.5, fill: paint.accent, stroke: paint.paper, "stroke-width": 1.5 }),
  );
}
