// From what was sent to numbers, and sums as they are written out.

const float64 = (text) => {
  const bytes = bytesOf(text);
  return Float64Array.from({ length: bytes.byteLength / 8 }, (_, i) => bytes.getFloat64(8 * i, true));
};

// Products and a bias as one line: "0.42·1 − 0.31·0.80 + 0.05".
function sumOf(pairs, bias, places = 2) {
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

// The colour of a share 0…1 of a scale of stops [place, colour].
const shade = (stops, share) => onScale(stops, Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)));
