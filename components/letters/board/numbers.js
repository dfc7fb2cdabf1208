// From what was sent to numbers, and from numbers to the digits on the screen.

const PLACES = 2;
const bytesOf = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const float64 = (text) => {
  const bytes = bytesOf(text);
  return Float64Array.from({ length: bytes.byteLength / 8 }, (_, i) => bytes.getFloat64(8 * i, true));
};
const float32 = (text) => {
  const bytes = bytesOf(text);
  return Float64Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getFloat32(4 * i, true));
};

// −0.31, 0.00 and never −0.00.
function digits(value, places = PLACES) {
  if (!Number.isFinite(value)) return "?";
  const text = value.toFixed(places);
  return Number(text) === 0 ? (0).toFixed(places) : text.replace("-", "−");
}
const bracketed = (value, places) => (digits(value, places).startsWith("−") ? `(${digits(value, places)})` : digits(value, places));

// Round numbers only so far that a calculation by hand comes out at the digits shown: how many decimals that takes.
function agreed(calculate, numbers, places = PLACES) {
  const wanted = digits(calculate(...numbers), places);
  for (let decimals = places; decimals < places + 7; decimals += 1) {
    if (digits(calculate(...numbers.map((number) => Number(number.toFixed(decimals)))), places) === wanted) return decimals;
  }
  return places + 7;
}

// Products and a bias as one line: "0.42·1 − 0.31·0.80 + 0.05".
function sumOf(pairs, bias, places) {
  const size = agreed((...numbers) => {
    let sum = numbers[numbers.length - 1];
    for (let i = 0; i + 1 < numbers.length; i += 2) sum += numbers[i] * numbers[i + 1];
    return sum;
  }, [...pairs.flat(), bias], places);
  const signed = (value, rest, first) => {
    const text = digits(value, size);
    const negative = text.startsWith("−");
    return `${first ? (negative ? "−" : "") : negative ? " − " : " + "}${text.replace("−", "")}${rest}`;
  };
  const factor = (value) => (value === 1 || value === 0 ? String(value) : bracketed(value, size));
  return pairs.map(([weight, value], i) => signed(weight, `·${factor(value)}`, i === 0)).join("") + signed(bias, "", false);
}

const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));

// The colour of a share 0…1 of a scale of stops [place, colour].
function shade(stops, share) {
  const place = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0));
  const next = Math.max(1, stops.findIndex(([at]) => at >= place));
  const [[low, from], [high, to]] = [stops[next - 1], stops[next]];
  const [a, b] = [channels(from), channels(to)];
  return a.map((c, k) => Math.round(c + ((b[k] - c) * (place - low)) / (high - low)));
}

function inkOn(rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawn(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
