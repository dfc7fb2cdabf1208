// What the position says outside the player's own pictures: to those who listen, and in the verdict's place.

// The word and where the prediction stands, when the player rests.
function speak({ parts, reading, reader, word }) {
  const p = reading.probabilities ? `, P(${reading.labels[1]}) ${reading.probabilities[word].toFixed(2)}` : "";
  const text = `Word ${word + 1} of ${reading.count}: ${reading.words[word]}${p}`;
  parts.spoken.textContent = text;
  parts.scrub.setAttribute("aria-valuetext", text);
  const states = `hidden state of ${reader.units.length} units word by word`;
  parts.score.setAttribute("aria-label", `${reading.probabilities ? `P(${reading.labels[1]}) and the ` : "The "}${states}. ${text}`);
}

// While it plays in sight of the verdict, the verdict shows the same number: one at a time, and the last when it ends.
function showSoFar({ parts, reading, paint, playback, word }) {
  if (!reading.small || !reading.probabilities) return;
  const { top, bottom } = parts.now.getBoundingClientRect();
  const root = document.documentElement;
  root.toggleAttribute("data-so-far", playback.playing && bottom > 0 && top < window.innerHeight);
  const p = reading.probabilities[word];
  const side = sideOf(reading, p);
  const written = {
    "": `${100 * p}%`, "-side": JSON.stringify(`${side[0].toUpperCase()}${side.slice(1)} so far`),
    "-p": JSON.stringify(`P(${reading.labels[1]}) = ${p.toFixed(3)}`), "-colour": paint.side(p - 0.5),
  };
  for (const [name, value] of Object.entries(written)) root.style.setProperty(`--so-far${name}`, value);
}

function sideOf(reading, p) {
  return reading.labels[p >= 0.5 ? 1 : 0];
}
