// From what was sent to numbers and colours.

const int8 = (text) => new Int8Array(bytesOf(text).buffer);

// One reading, decoded. A reader is a top layer: it goes over the words forward, or backward from the last one.
function decode(data) {
  const words = data.words.length;
  return {
    ...data,
    count: words,
    probabilities: data.probabilities && float32(data.probabilities),
    credit: float32(data.credit),
    readers: data.readers.map((reader) => {
      const [colours, digits, means] = [int8(reader.colours), float32(reader.digits), float32(reader.means)];
      const [lanes, drawn] = [reader.lanes, reader.units.length];
      const lane = (name) => lanes.indexOf(name);
      const backward = reader.direction === "backward";
      return {
        ...reader,
        backward,
        // The word that is read at a step, and the step at which a word is read: the same turn both ways.
        turn: (place) => (backward ? words - 1 - place : place),
        // −1…1, one byte exact: for colour only.
        shade: (name, word, row) => colours[(lane(name) * words + word) * drawn + row] / 127,
        mean: (name, word) => means[lane(name) * words + word],
        // The trace's own float32.
        digit: (chosen, name, word) => digits[(chosen * lanes.length + lane(name)) * words + word],
      };
    }),
  };
}

// A scale of stops [place, colour] as 256 colours.
const scaleOf = (stops) => Array.from({ length: 256 }, (_, i) => onScale(stops, i / 255));

function paintOf(colours) {
  const [diverging, states, sequential] = [colours.diverging, colours.states, colours.sequential].map(scaleOf);
  const index = (share) => Math.max(0, Math.min(255, Math.round(share * 255)));
  const css = (rgb) => `rgb(${rgb.join(",")})`;
  const signedRgb = (value) => diverging[index((value + 1) / 2)];
  return {
    ...colours,
    stateRgb: (value) => states[index((value + 1) / 2)], // a hidden state, −1…1
    state: (value) => css(states[index((value + 1) / 2)]),
    stateSide: (value) => colours.states[value >= 0 ? 5 : 1][1],
    signed: (value) => css(signedRgb(value)), // against and for, −1…1
    gate: (value) => css(sequential[index(value)]), // 0…1
    gateInk: colours.sequential[3][1],
    inkOn: (value) => inkOn(signedRgb(value)),
    side: (value) => (value >= 0 ? colours.positive : colours.negative),
  };
}

function signed(value, places = 3) {
  const text = digits(value, places);
  return value > 0 && Number(text) ? `+${text}` : text;
}
