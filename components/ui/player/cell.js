// The cell as a live picture: wires as thick as the number they carry, valves as open as their gate.

function shape(parent, name, attributes, text) {
  const node = drawn(name, attributes, text);
  parent.append(node);
  return node;
}

// The numbers of one unit at one step, as the equations name them. Before the first step a state is zero,
// or what the padding in front left.
function numbersOf(reading, reader, chosen, step) {
  const at = (name, when) => (when < 0 ? (reader.start?.[name]?.digits[chosen] ?? 0) : reader.digit(chosen, name, reader.turn(when)));
  const values = { h: at("hidden", step), h0: at("hidden", step - 1), x: 0.4 };
  if (reading.family === "LSTM") {
    Object.assign(values, { c: at("cell", step), c0: at("cell", step - 1) });
    for (const [letter, lane] of [["f", "forget"], ["i", "input"], ["g", "candidate"], ["o", "output"]]) {
      values[letter] = at(lane, step);
    }
    Object.assign(values, { kept: values.f * values.c0, written: values.i * values.g });
  } else if (reading.family === "GRU") {
    for (const [letter, lane] of [["z", "update"], ["r", "reset"], ["g", "candidate"]]) values[letter] = at(lane, step);
    const rest = 1 - values.z;
    Object.assign(values, { rest, kept: values.z * values.h0, written: rest * values.g, recalled: values.r * values.h0 });
  }
  return values;
}

// Builds the picture once for a family and a width; returns what draws a step into it.
function buildCell(holder, reading, reader, paint, width, big) {
  const plan = layoutOf(reading.family, width, big);
  const svg = drawn("svg", { viewBox: `-6 -6 ${width + 12} ${plan.height + 12}`, width: "100%", role: "img" });
  holder.replaceChildren(svg);
  const wires = plan.wires.map(([name, points]) => {
    const path = points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("");
    shape(svg, "path", { d: path, fill: "none", stroke: paint.paper, "stroke-width": 15, "stroke-linejoin": "round" });
    return [name, shape(svg, "path", { d: path, fill: "none", "stroke-linejoin": "round", class: "wire" })];
  });
  const meets = plan.meets.map(([kind, name, x, y]) => {
    const radius = plan.big ? 17 : 14;
    const around = 2 * Math.PI * (radius - 2);
    shape(svg, "circle", { cx: x, cy: y, r: radius, fill: paint.paper, stroke: paint.line, "stroke-width": 1.5 });
    const ring = kind === "valve" && shape(svg, "circle", {
      cx: x, cy: y, r: radius - 2, fill: "none", stroke: paint.gateInk, "stroke-width": 4, class: "ring",
      transform: `rotate(-90 ${x} ${y})`, "stroke-dasharray": `0 ${around}`,
    });
    shape(svg, "text", { x, y: y + 5, "text-anchor": "middle", class: "sign", fill: paint.ink }, kind === "plus" ? "+" : "×");
    return [name, ring, around];
  });
  for (const [text, x, y, anchor = "middle"] of plan.notes) {
    shape(svg, "text", { x, y, "text-anchor": anchor, class: "small", fill: paint.muted }, text);
  }
  const boxes = Object.entries(plan.boxes).map(([name, [x, y, h]]) => {
    const group = shape(svg, "g", { transform: `translate(${x},${y})` });
    return [name, buildBox(group, name, { ...plan.box, h: h || plan.box.h }, plan, reader, paint)];
  });
  const largest = { c: reading.cell_scale, c0: reading.cell_scale, kept: 1, written: 1 };
  if (reading.family === "LSTM") Object.assign(largest, { kept: reading.cell_scale, written: reading.cell_scale });

  const draw = (step, chosen) => {
    const values = numbersOf(reading, reader, chosen, step);
    for (const [name, path] of wires) {
      const value = values[name];
      const isGate = BOXES[name]?.[2] === "gate";
      path.setAttribute("stroke", name === "x" ? paint.muted : isGate ? paint.gateInk : paint.stateSide(value));
      const share = Math.min(1, Math.abs(value) / (largest[name] || 1));
      path.setAttribute("stroke-width", isGate ? 1 + 2.5 * share : 1.25 + 9 * share);
      path.setAttribute("stroke-dasharray", !isGate && name !== "x" && value < 0 ? "7 3" : "none");
    }
    for (const [name, ring, around] of meets) {
      if (ring) ring.setAttribute("stroke-dasharray", `${values[name] * around} ${around}`);
    }
    for (const [name, fill] of boxes) fill(values[name], step, chosen);
    svg.setAttribute("aria-label", describe(reading, reader, values, step, chosen));
    return values;
  };
  return { draw, height: plan.height + 12 };
}

function buildBox(group, name, { w, h }, plan, reader, paint) {
  const [title, plain, kind] = BOXES[name];
  const tight = w < 165;
  const pad = tight ? 9 : 12;
  const inner = w - 2 * pad;
  shape(group, "rect", { width: w, height: h, rx: 8, fill: paint.surface, stroke: paint.line });
  shape(group, "text", { x: pad, y: plan.big ? 24 : 20, class: "title", fill: paint.muted }, tight && plain ? title.replace(" gate", "") : title);
  if (plain) shape(group, "text", { x: w - pad, y: plan.big ? 24 : 20, class: "plain", "text-anchor": "end", fill: paint.ink }, plain);
  const number = shape(group, "text", { x: pad, y: plan.big ? 53 : plan.wide ? 47 : 43, class: "number", fill: paint.ink });
  if (kind === "word") {
    number.setAttribute("class", "number word");
    return (_, step) => (number.textContent = shorten(reader.word(reader.turn(step)), Math.floor(inner / (plan.big ? 14 : 11))));
  }
  number.dataset.value = name;
  const signedKind = kind === "signed";
  const [lane, earlier] = LANE_OF[name];
  const scaled = lane === "cell" ? reader.cell_scale : 1;
  const top = h - (plan.big ? 56 : plan.wide ? 50 : 44);
  // The chosen unit's number as a bar: a gate from 0, a state from the middle.
  shape(group, "rect", { x: pad, y: top, width: inner, height: 5, rx: 2.5, fill: paint.line });
  const bar = shape(group, "rect", { y: top, height: 5, rx: 2.5, class: "bar" });
  const strip = h - (plan.big ? 45 : plan.wide ? 38 : 34);
  const cell = inner / reader.units.length;
  const thick = plan.big ? 17 : plan.wide ? 14 : 12;
  const cells = reader.units.map((_, row) => shape(group, "rect", {
    x: pad + row * cell, y: strip, width: cell + 0.3, height: thick, class: "strip",
  }));
  shape(group, "rect", { x: pad, y: strip, width: inner, height: thick, fill: "none", stroke: paint.line });
  const mark = shape(group, "rect", { y: strip - 2, width: Math.max(3, cell) + 1, height: thick + 4, fill: "none", stroke: paint.ink, "stroke-width": 1.5 });
  const mean = shape(group, "text", { x: pad, y: h - (plan.wide ? 9 : 7), class: "small", fill: paint.muted });
  return (value, step, chosen) => {
    const when = earlier ? step - 1 : step;
    number.textContent = signedKind ? signed(value) : value.toFixed(3);
    const share = Math.min(1, Math.abs(value) / scaled);
    const length = signedKind ? (share * inner) / 2 : share * inner;
    bar.setAttribute("x", !signedKind ? pad : value < 0 ? pad + inner / 2 - length : pad + inner / 2);
    bar.setAttribute("width", Math.max(0.5, length));
    bar.setAttribute("fill", signedKind ? paint.stateSide(value) : paint.gateInk);
    cells.forEach((rect, row) => {
      const shade = when < 0 ? (reader.start?.[lane]?.shades[row] ?? 0) : reader.shade(lane, reader.turn(when), row);
      rect.setAttribute("fill", signedKind ? paint.state(shade) : paint.gate(shade));
    });
    const row = reader.units.indexOf(reader.chosen[chosen]);
    mark.setAttribute("visibility", row < 0 ? "hidden" : "visible");
    mark.setAttribute("x", pad + row * cell - 0.5);
    const average = when < 0 ? (reader.start?.[lane]?.mean ?? 0) : reader.mean(lane, reader.turn(when));
    const text = signedKind ? signed(average, 2) : average.toFixed(2);
    mean.textContent = `${tight ? "" : "all units, "}mean ${text}`;
  };
}

const shorten = (text, most) => (text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text);

function describe(reading, reader, values, step, chosen) {
  const boxes = Object.keys(BOXES).filter((name) => name in values && name !== "x");
  const numbers = boxes.map((name) => `${BOXES[name][0]} ${digits(values[name])}`).join(", ");
  return `${reading.family} cell, unit ${reader.chosen[chosen]}, at word ${reader.turn(step) + 1}: ${numbers}`;
}

// The update of the chosen unit, with digits that come out when calculated by hand.
function equationsOf(reading, values) {
  const written = (names, calculate, result, form) => {
    const places = agreed(calculate, names.map((name) => values[name]), 3, result);
    return form(...names.map((name) => bracketed(values[name], places)));
  };
  const plainly = (value) => digits(value, 3);
  if (reading.family === "LSTM") {
    const { c, h } = values;
    return [
      ["c = f · c before + i · g", written(["f", "c0", "i", "g"], (f, c0, i, g) => f * c0 + i * g, c, (f, c0, i, g) => `${f} · ${c0} + ${i} · ${g}`), plainly(c)],
      ["h = o · tanh(c)", written(["o", "c"], (o, state) => o * Math.tanh(state), h, (o, state) => `${o} · tanh(${state.replace(/[()]/g, "")})`), plainly(h)],
    ];
  }
  if (reading.family === "GRU") {
    const form = (z, h0, again, g) => `${z} · ${h0} + (1 − ${again}) · ${g}`;
    return [["h = z · h before + (1 − z) · g", written(["z", "h0", "z", "g"], (z, h0, _, g) => z * h0 + (1 - z) * g, values.h, form), plainly(values.h)]];
  }
  return [["h = tanh(W x + U h before + b)", "", plainly(values.h)]];
}
