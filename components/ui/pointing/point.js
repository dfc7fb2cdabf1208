// Clicks in charts, from Plotly's own event: heatmaps and lines included. One listener for the whole document, which
// asks each chart for its clicks when it is first touched.
const ASKED = new WeakSet();
let charts = {};
let tell = null;

function ask(event) {
  const chart = event.target.closest?.(".js-plotly-plot");
  if (!chart?.on || ASKED.has(chart)) return;
  ASKED.add(chart);
  chart.on("plotly_click", ({ points }) => chosen(chart, points ?? []));
}

function chosen(chart, points) {
  const key = Object.keys(charts).find((name) => chart.closest(`.st-key-${CSS.escape(name)}`));
  if (!key || !tell || !points.length) return;
  const meant = charts[key];
  const word = meant.includes("word") ? Number(points[0].x) - 1 : NaN;
  const row = points[0].data.type === "heatmap" ? points[0].y : NaN;
  const unit = meant.includes("unit") ? Number([points[0].customdata ?? row].flat()[0]) : NaN;
  const whole = (value) => (Number.isInteger(value) && value >= 0 ? value : null);
  if (whole(word) !== null || whole(unit) !== null) tell("pointed", { word: whole(word), unit: whole(unit) });
}

// A word in a coloured text.
function read(event) {
  const word = Number(event.target.closest?.(".u-words [data-word]")?.dataset.word ?? NaN);
  if (tell && Number.isInteger(word) && word >= 0) tell("pointed", { word, unit: null });
}

export default function ({ data, setTriggerValue }) {
  charts = data.charts;
  tell = setTriggerValue;
  document.addEventListener("pointerdown", ask, true);
  document.addEventListener("click", jump);
  document.addEventListener("click", read);
  window.addEventListener("unrolled:here", follow);
  follow();
  return () => {
    tell = null;
    document.removeEventListener("pointerdown", ask, true);
    document.removeEventListener("click", jump);
    document.removeEventListener("click", read);
    window.removeEventListener("unrolled:here", follow);
  };
}
