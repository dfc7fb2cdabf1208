// What the pictures that are made in the browser share: numbers as they were sent and as they are shown, colours on a
// scale, elements.

// Little endian as sent, whatever this machine is.
const bytesOf = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const float32 = (text) => {
  const bytes = bytesOf(text);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getFloat32(4 * i, true));
};

const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

// The colour, [r, g, b], at a place 0…1 of a scale of stops [place, colour].
function onScale(stops, place) {
  const next = Math.max(1, stops.findIndex(([at]) => at >= place));
  const [[low, from], [high, to]] = [stops[next - 1], stops[next]];
  const [a, b] = [channels(from), channels(to)];
  return a.map((c, k) => Math.round(c + ((b[k] - c) * (place - low)) / (high - low)));
}

// Black or white, whichever reads better on a colour (WCAG relative luminance).
function inkOn(rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

const minus = (text) => text.replace("-", "−");

// −0.31, 0.00 and never −0.00.
function digits(value, places = 2) {
  if (!Number.isFinite(value)) return "?";
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : minus(text);
}
const bracketed = (value, places) => (digits(value, places).startsWith("−") ? `(${digits(value, places)})` : digits(value, places));

// Round numbers only so far that a calculation by hand comes out at the digits shown: how many decimals that takes.
function agreed(calculate, numbers, places = 2, result = calculate(...numbers)) {
  const wanted = digits(result, places);
  for (let decimals = places; decimals < places + 7; decimals += 1) {
    if (digits(calculate(...numbers.map((number) => Number(number.toFixed(decimals)))), places) === wanted) return decimals;
  }
  return places + 7;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(name, attributes = {}, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
