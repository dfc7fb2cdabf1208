// What is said around the pictures, and two small helpers for it.

const HINTS = {
  LSTM: "The forget gate says how much of the cell state to keep, the input gate how much of the candidate to write, the output gate how much to show. Rings show how far a gate is open; wires are as thick as the number they carry, dashed below zero.",
  GRU: "The update gate says how much of the old state to keep; the rest is written anew from the candidate, which sees as much of the old state as the reset gate recalls. Rings show how far a gate is open; wires are as thick as the number they carry, dashed below zero.",
  SimpleRNN: "There is no gate: at every word the whole state is made anew from the word and the state before. Wires are as thick as the number they carry, dashed below zero.",
};

function notesOn(reading) {
  const notes = [];
  if (!reading.probabilities) {
    notes.push(`This network also reads from the end, so it has no prediction before the last word: P(${reading.labels[1]}) is ${reading.probability.toFixed(3)} once all words are read.`);
  }
  if (reading.padding) {
    notes.push(`${reading.padding.toLocaleString("en")} timesteps of padding in front are read too, but not played: the state before the first word is what they left.`);
  }
  const [{ units, size, chosen }] = reading.readers;
  if (units.length < size) notes.push(`Of ${size} units the ${units.length} with the largest weights in the verdict are drawn.`);
  if (chosen.length < size) notes.push(`Numbers can be followed for the ${chosen.length} units with the largest weights in the verdict.`);
  notes.push("Strips show every unit drawn, in the order of their weights.");
  return notes.join(" ");
}

function fillSelect(select, names, chosen) {
  select.replaceChildren(...names.map((name, i) => new Option(name, i)));
  select.value = chosen;
}

function equationLine([formula, numbers, result]) {
  const line = element("span");
  line.append(element("em", "", formula), numbers ? ` = ${numbers} = ` : " = ", element("b", "", result));
  return line;
}
