// Measures a lesson that is presented.
() => {
  const shown = (box) => box.width > 1 && box.height > 1;
  const beyond = [];
  for (const area of ["lesson-sentence", "lesson-text", "lesson-stage"]) {
    const root = document.querySelector(`.st-key-${area}`);
    if (!root) continue;
    for (const one of [root, ...root.querySelectorAll("p, h2, h3, button, label, td, th, dd, .js-plotly-plot, svg.main-svg, canvas")]) {
      const box = one.getBoundingClientRect();
      if (!shown(box)) continue;
      if (box.right > innerWidth + 2 || box.bottom > innerHeight + 2 || box.left < -2 || box.top < -2)
        beyond.push(`${one.tagName} ${one.textContent.trim().slice(0, 30)} ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
    }
    // What is only heard is one pixel large.
    for (const one of root.querySelectorAll("[role=region], p:not(.u-heard)"))
      if (one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX !== "visible") beyond.push(`scrolls: ${one.className}`);
  }
  const frame = document.querySelector('[data-testid="stMainBlockContainer"]');
  const scale = frame.getBoundingClientRect().width / frame.offsetWidth;
  const zoom = Number(document.querySelector(".st-key-lesson-stage").style.zoom) || 1;
  const axis = [...document.querySelectorAll(".js-plotly-plot :is(.xtick, .ytick) text, .js-plotly-plot :is(.xtitle, .ytitle)")];
  const letters = axis.map((one) => parseFloat(getComputedStyle(one).fontSize) * scale * zoom);
  const host = document.querySelector(".st-key-lesson-words");
  let sentence = 0;
  for (const one of host ? host.querySelectorAll("*") : []) {
    const line = one.shadowRoot?.querySelector("p") || (one.matches("p") ? one : null);
    if (line) sentence = parseFloat(getComputedStyle(line).fontSize) * scale;
  }
  const page = document.querySelector('[data-testid="stMain"]');
  const stage = document.querySelector(".st-key-lesson-stage");
  return { beyond, hidden: getComputedStyle(stage).opacity !== "1", sentence: sentence / innerHeight, axis: Math.min(1, ...letters.map((size) => size / innerHeight)),
           scrolls: page.scrollHeight > page.clientHeight + 2 || page.scrollWidth > page.clientWidth + 2 };
}
