// The word under the cursor, marked in everything that is on the screen already: no chart is sent or drawn again for it.
const FRAMED = new WeakMap(); // a drawn frame: the column at which Plotly drew it
const FOLLOWING = new WeakSet(); // charts that are marked again whenever Plotly draws them again

function mark() {
  const here = window.unrolledHere;
  if (!here) return;
  document.querySelectorAll(".js-plotly-plot").forEach((chart) => frame(chart, here));
  for (const text of document.querySelectorAll(".u-follows")) {
    text.querySelector(".here")?.classList.remove("here");
    text.querySelector(`[data-word="${here.word}"]`)?.classList.add("here");
  }
  const reading = window.unrolledReadings?.get(here.stage);
  if (reading && (reading.data.cursor !== here.word || (here.unit !== null && reading.data.unit !== here.unit))) {
    reading.data.cursor = here.word;
    reading.data.unit = here.unit ?? reading.data.unit;
    window.dispatchEvent(new Event(`unrolled:${here.stage}`));
  }
}

// The frame is one of Plotly's shapes: what is drawn is moved, and what it would be drawn from again is changed too.
function frame(chart, { column, start }) {
  const shapes = chart.layout?.shapes ?? [];
  const place = shapes.findIndex(({ name }) => name === "cursor");
  const drawn = place >= 0 && chart.querySelector(`.shapelayer [data-index="${place}"]`);
  if (!drawn) return;
  if (!FOLLOWING.has(chart)) {
    FOLLOWING.add(chart);
    chart.on("plotly_afterplot", () => window.unrolledHere && frame(chart, window.unrolledHere));
  }
  if (!FRAMED.has(drawn)) FRAMED.set(drawn, shapes[place].x0 + 0.5);
  const moved = (column - FRAMED.get(drawn)) * drawn.getBBox().width; // it is one column wide
  drawn.setAttribute("transform", `translate(${moved},0)`);
  shapes[place].x0 = column - 0.5;
  shapes[place].x1 = column + 0.5;
  for (const [name, axis] of Object.entries(chart.layout)) {
    if (!name.startsWith("xaxis") || !axis.labelalias) continue;
    for (const [word, text] of Object.entries(axis.labelalias)) {
      if (text.startsWith("<b>")) axis.labelalias[word] = text.slice(3, -4);
    }
    if (start in axis.labelalias) axis.labelalias[start] = `<b>${axis.labelalias[start]}</b>`;
  }
  const { left, right } = drawn.getBoundingClientRect();
  const labels = [...chart.querySelectorAll(".xaxislayer-above text")];
  const framed = labels.map((label) => {
    const box = label.getBoundingClientRect();
    const middle = (box.left + box.right) / 2;
    return left < middle && middle < right;
  });
  labels.forEach((label, i) => {
    (label.querySelector("tspan") ?? label).style.fontWeight = framed[i] ? "bold" : "normal";
  });
}

// Again while charts are still being drawn.
function follow() {
  for (const wait of [0, 400, 1500]) setTimeout(mark, wait);
}
