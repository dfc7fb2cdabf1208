// The review as text. A visitor's words only ever become text nodes.

function writeReview(box, reading) {
  const spans = reading.words.map((word) => element("span", "", word));
  const pieces = spans.flatMap((span, i) => [document.createTextNode(reading.between[i]), span]);
  const note = element("i");
  const [count, atStart] = [reading.unread.toLocaleString("en"), reading.unread_end === "start"];
  if (reading.unread) {
    note.textContent = atStart ? `the first ${count} words were not read … ` : ` … ${count} more words were not read`;
  }
  const last = document.createTextNode(reading.between[reading.count]);
  box.replaceChildren(...(atStart ? [note, ...pieces, last] : [...pieces, last, note]));
  const strongest = [...reading.credit.keys()].sort((a, b) => Math.abs(reading.credit[b]) - Math.abs(reading.credit[a]));
  spans.forEach((span, i) => (span.dataset.word = i));
  if (reading.count > 2) {
    strongest.slice(0, 4).forEach((i) => (spans[i].dataset.credit = signed(reading.credit[i], 1)));
  }
  return spans;
}

function tintWord(span, word, reading, paint, state) {
  const known = reading.known[word] === "1" ? "" : " unknown";
  span.className = state + known;
  span.style.cssText = "";
  if (state !== "read") return;
  const share = Math.max(-1, Math.min(1, reading.credit[word] / reading.scale));
  span.style.backgroundColor = paint.signed(share);
  span.style.color = paint.inkOn(share);
  if (Math.abs(share) > 0.15) {
    span.style.textDecoration = `underline ${share > 0 ? "solid" : "dashed"} 2px ${paint.side(share)}`;
  }
}

// What a word did, in one line: its share, the prediction before and after it, whether it is known.
function describeWord(box, reading, word) {
  const p = reading.probabilities;
  const share = reading.credit[word];
  const name = element("b", "", `“${shorten(reading.words[word], 24)}”`);
  const parts = [` (word ${(word + 1).toLocaleString("en")})`];
  parts.push(Math.abs(share) < 0.005 ? " hardly moved the verdict" : ` moved the logit by ${signed(share, 2)}`);
  if (p) parts.push(word ? `, P(${reading.labels[1]}) from ${p[word - 1].toFixed(2)} to ${p[word].toFixed(2)}` : `, P(${reading.labels[1]}) is ${p[0].toFixed(2)} after it`);
  if (reading.known[word] !== "1") parts.push("; it is out of vocabulary");
  box.replaceChildren(name, `${parts.join("")}.`);
}

// Scrolls the box, never the page.
function keepInSight(box, span) {
  const [frame, word] = [box.getBoundingClientRect(), span.getBoundingClientRect()];
  if (word.top < frame.top + 8 || word.bottom > frame.bottom - 8) {
    box.scrollTop += word.top - frame.top - frame.height / 2 + word.height / 2;
  }
}

function writeLegend(box, reading, paint) {
  const swatch = (share) => {
    const patch = element("i");
    patch.style.background = paint.signed(share);
    return patch;
  };
  const mark = (text, decoration) => {
    const span = element("span", "", text);
    span.style.cssText = decoration;
    return span;
  };
  const scale = element("span", "swatches");
  scale.append(`−${reading.scale.toFixed(1)} `, ...[-1, -0.5, 0, 0.5, 1].map(swatch), ` +${reading.scale.toFixed(1)}`);
  box.replaceChildren(
    scale,
    " added to the score before the sigmoid (logit); ",
    mark("solid", "text-decoration:underline solid 2px"),
    ` pushes to ${reading.labels[1]}, `,
    mark("dashed", "text-decoration:underline dashed 2px"),
    ` to ${reading.labels[0]}; `,
    mark("boxed", "outline:1px dotted;padding:0 .2em"),
    ` is out of vocabulary.${reading.beyond ? ` ${reading.beyond}.` : ""}`,
  );
}
