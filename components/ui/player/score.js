// The score: P(positive) above the hidden state, on one word axis; at the right the state after this word.

function measure(width, reading, reader, big, roomFor) {
  const narrow = width < 560;
  // In the presenter view, whose letters are a quarter larger, nothing may be too small for the last row.
  const large = !narrow && parseFloat(getComputedStyle(document.documentElement).fontSize) >= 20;
  const m = {
    width,
    narrow,
    big,
    font: large ? 16.5 : big ? 15 : narrow ? 11 : 12.5,
    left: narrow ? 30 : large ? 54 : 46,
    right: narrow ? 92 : large ? 220 : big ? 200 : 150,
    gap: narrow ? 12 : 22,
  };
  m.plot = Math.max(60, width - m.left - m.right - m.gap);
  m.lineTop = 8;
  m.line = reading.probabilities ? (big ? 170 : narrow ? 96 : 124) : 0;
  m.heatTop = m.lineTop + m.line + (reading.probabilities ? 22 : 20);
  const rows = reader.units.length;
  m.labels = narrow ? 62 : large ? 106 : big ? 92 : 76;
  const natural = Math.min(narrow ? 190 : 236, Math.max(96, rows * (rows > 32 ? 5 : 12)));
  // Beside a tall cell the states use the room that is left.
  m.heat = Math.round(roomFor ? Math.max(natural, Math.min(460, rows * 30, roomFor - m.heatTop - m.labels)) : natural);
  m.height = m.heatTop + m.heat + m.labels;
  m.shown = Math.min(reading.count, Math.floor(m.plot / (narrow ? 5 : 4)));
  m.column = m.plot / m.shown;
  m.bars = { left: width - m.right, width: m.right - 4 };
  return m;
}

// The first word in view: a review with more words than columns scrolls along.
function firstShown(m, reading, word) {
  return Math.max(0, Math.min(reading.count - m.shown, Math.round(word - m.shown * 0.6)));
}

function drawScore(canvas, m, reading, reader, paint, step, chosen, fontFamily) {
  // A page that is magnified as a whole, for a projector, has more pixels to each of ours.
  const ratio = (window.devicePixelRatio || 1) * (canvas.getBoundingClientRect().width / canvas.offsetWidth || 1);
  if (canvas.width !== Math.round(m.width * ratio) || canvas.height !== Math.round(m.height * ratio)) {
    canvas.width = Math.round(m.width * ratio);
    canvas.height = Math.round(m.height * ratio);
    canvas.style.height = `${m.height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, m.width, m.height);
  pen.font = `${m.font}px ${fontFamily}`;
  const word = reader.turn(step);
  const view = { m, reading, reader, paint, step, word, first: firstShown(m, reading, word) };
  view.isRead = (i) => (reader.backward ? i >= word : i <= word);
  view.x = (i) => m.left + (i - view.first) * m.column;
  if (m.line) drawLine(pen, view);
  drawHeat(pen, view, reader.units.indexOf(reader.chosen[chosen]));
  drawCursor(pen, view);
  drawWords(pen, view, fontFamily);
  drawState(pen, view, reader.units.indexOf(reader.chosen[chosen]));
}

function drawLine(pen, { m, reading, paint, word, first, x }) {
  const y = (p) => m.lineTop + (1 - p) * m.line;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.fillStyle = paint.muted;
  for (const p of m.narrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]) {
    pen.strokeStyle = p === 0.5 ? paint.muted : paint.line;
    pen.setLineDash(p === 0.5 ? [5, 4] : []);
    pen.lineWidth = 1;
    stroke(pen, [[m.left, y(p)], [m.left + m.plot, y(p)]]);
    pen.fillText(String(p), m.left - 6, y(p) + (p === 1 ? 4 : p === 0 ? -4 : 0));
  }
  pen.setLineDash([]);
  const points = [];
  for (let i = first; i <= word; i += 1) points.push([x(i) + m.column / 2, y(reading.probabilities[i])]);
  if (first > 0) points.unshift([m.left, y(reading.probabilities[first - 1])]);
  pen.save();
  for (const [sign, top] of [[1, m.lineTop], [-1, y(0.5)]]) {
    pen.save();
    pen.beginPath();
    pen.rect(m.left, top, m.plot, m.line / 2);
    pen.clip();
    pen.beginPath();
    pen.moveTo(points[0][0], y(0.5));
    points.forEach(([px, py]) => pen.lineTo(px, py));
    pen.lineTo(points[points.length - 1][0], y(0.5));
    pen.globalAlpha = 0.22;
    pen.fillStyle = paint.side(sign);
    pen.fill();
    pen.restore();
  }
  pen.restore();
  pen.strokeStyle = paint.family;
  pen.lineWidth = m.big ? 3 : 2.25;
  pen.lineJoin = "round";
  stroke(pen, points);
  const [px, py] = points[points.length - 1];
  pen.beginPath();
  pen.arc(px, py, m.narrow ? 4.5 : 6, 0, 7);
  pen.fillStyle = paint.family;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = paint.paper;
  pen.stroke();
}

function drawHeat(pen, { m, reading, reader, paint, first, x, isRead }, row) {
  const rows = reader.units.length;
  pen.fillStyle = paint.surface;
  pen.fillRect(m.left, m.heatTop, m.plot, m.heat);
  const image = new ImageData(m.shown, rows);
  for (let i = 0; i < m.shown; i += 1) {
    if (!isRead(first + i)) continue;
    for (let unit = 0; unit < rows; unit += 1) {
      const [r, g, b] = paint.stateRgb(reader.shade("hidden", first + i, unit));
      image.data.set([r, g, b, 255], 4 * (unit * m.shown + i));
    }
  }
  const sheet = new OffscreenCanvas(m.shown, rows);
  sheet.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(sheet, m.left, m.heatTop, m.plot, m.heat);
  // Between columns a hair of paper, so that words can be told apart.
  if (m.column > 7) {
    pen.fillStyle = paint.paper;
    for (let i = first + 1; i < first + m.shown; i += 1) pen.fillRect(x(i) - 0.5, m.heatTop, 1, m.heat);
  }
  pen.fillStyle = paint.muted;
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  const units = rows < reader.size ? `${rows} of ${reader.size} units` : `${rows} units`;
  pen.fillText(`Hidden state${m.narrow ? "" : `, ${units}`}: plum −1, olive +1`, m.left, m.heatTop - 6);
  if (row >= 0) {
    const [top, height] = [m.heatTop + (row * m.heat) / rows, m.heat / rows];
    pen.strokeStyle = paint.ink;
    pen.lineWidth = 1;
    pen.strokeRect(m.left - 0.5, top - 0.5, m.plot + 1, height + 1);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillStyle = paint.ink;
    pen.fillText(String(reader.units[row]), m.left - 6, top + height / 2);
  }
}

function drawCursor(pen, { m, paint, word, x }) {
  const left = x(word);
  pen.strokeStyle = paint.ink;
  pen.lineWidth = 1.5;
  pen.strokeRect(left - 1, m.heatTop - 1, m.column + 2, m.heat + 2);
  if (m.line) {
    pen.globalAlpha = 0.35;
    pen.lineWidth = 1;
    stroke(pen, [[left + m.column / 2, m.lineTop], [left + m.column / 2, m.heatTop - 1]]);
    pen.globalAlpha = 1;
  }
}

function drawWords(pen, { m, reading, paint, word, first, x, isRead }, fontFamily) {
  const top = m.heatTop + m.heat + 8;
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const every = Math.max(1, Math.ceil((m.font + 2) / m.column));
  const slanted = (i, bold) => {
    pen.save();
    pen.translate(x(i) + m.column / 2, top);
    pen.rotate(-Math.PI / 3.2);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.font = `${bold ? "700 " : ""}${m.font}px ${fontFamily}`;
    const text = short(reading.words[i], m.narrow ? 9 : 12);
    if (bold) {
      const width = pen.measureText(text).width;
      pen.fillStyle = paint.ink;
      pen.fillRect(-width - 5, -m.font * 0.72, width + 9, m.font * 1.44);
    }
    pen.fillStyle = bold ? paint.paper : paint.muted;
    if (!bold && isRead(i)) pen.fillStyle = paint.ink;
    pen.fillText(text, 0, 0);
    pen.restore();
  };
  const room = Math.ceil((m.font * 1.7) / m.column);
  for (let i = first; i < first + m.shown; i += 1) {
    if (i % every === 0 && Math.abs(i - word) >= room) slanted(i, false);
  }
  slanted(word, true);
}

function drawState(pen, { m, reader, paint, word }, row) {
  const { left, width } = m.bars;
  const rows = reader.units.length;
  const middle = left + width / 2;
  const height = m.heat / rows;
  pen.textBaseline = "alphabetic";
  pen.fillStyle = paint.muted;
  for (const [value, align] of [[-1, "left"], [0, "center"], [1, "right"]]) {
    pen.textAlign = align;
    pen.fillText(value ? minus(signed(value, 0)) : "0", middle + (value * width) / 2, m.heatTop - 6);
    pen.strokeStyle = paint.line;
    pen.lineWidth = 1;
    const at = middle + (value * (width - 1)) / 2;
    stroke(pen, [[at, m.heatTop], [at, m.heatTop + m.heat]]);
  }
  for (let unit = 0; unit < rows; unit += 1) {
    const value = reader.shade("hidden", word, unit);
    const inset = height > 6 ? 1 : 0.25;
    pen.fillStyle = paint.stateSide(value);
    pen.globalAlpha = unit === row ? 1 : 0.75;
    pen.fillRect(middle, m.heatTop + unit * height + inset, (value * width) / 2, height - 2 * inset);
  }
  pen.globalAlpha = 1;
  if (row >= 0) {
    pen.strokeStyle = paint.ink;
    pen.strokeRect(left - 0.5, m.heatTop + row * height - 0.5, width + 1, height + 1);
  }
  pen.fillStyle = paint.muted;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillText(m.narrow ? "state now" : "hidden state after this word", middle, m.heatTop + m.heat + 8);
}

function stroke(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}
