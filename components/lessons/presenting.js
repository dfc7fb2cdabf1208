// While a lesson is presented: a slide clicker turns the steps, F5 (which some send to begin) does nothing, and whatever
// is too high for the screen is made smaller until it fits.
const KEYS = { PageDown: "go-arrow_forward", ArrowRight: "go-arrow_forward", PageUp: "go-arrow_back", ArrowLeft: "go-arrow_back" };
const SMALLEST = 0.4;

function onKey(event) {
  if (event.key === "F5") {
    event.preventDefault();
    return;
  }
  const way = KEYS[event.key];
  if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = event.composedPath()[0];
  const page = event.key.startsWith("Page");
  if (!page && at instanceof Element && at.matches("input, textarea, select, [role=slider], [tabindex='0'], canvas")) return;
  event.preventDefault();
  document.querySelector(`.st-key-${way} button:not([disabled])`)?.click();
}

function fit(name) {
  const box = document.querySelector(`.st-key-${name}`);
  if (!box) return;
  const frame = document.querySelector('[data-testid="stMainBlockContainer"]');
  const scale = frame.getBoundingClientRect().width / frame.offsetWidth || 1;
  const room = (innerHeight - box.getBoundingClientRect().top) / scale - 8;
  let zoom = 1;
  box.style.zoom = "";
  box.style.setProperty("--zoom", 1);
  for (let turn = 0; turn < 6; turn++) {
    const needed = box.getBoundingClientRect().height / scale;
    const wide = Math.max(...[box, ...box.querySelectorAll("[role=region]")].map((one) => one.scrollWidth / one.clientWidth || 1));
    if (needed <= room + 1 && wide <= 1.005) break;
    zoom = Math.max(SMALLEST, zoom * Math.min(room / needed, 1 / wide, 0.98));
    box.style.zoom = zoom;
    box.style.setProperty("--zoom", zoom); // letters of charts keep their size
  }
}

export default function () {
  document.addEventListener("keydown", onKey, true);
  const fitAll = () => ["lesson-told", "lesson-stage"].forEach(fit);
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(fitAll, 120);
  };
  const watch = new MutationObserver((changes) => {
    if (changes.some(({ type, attributeName }) => type === "childList" || attributeName !== "style")) soon();
  });
  watch.observe(document.querySelector('[data-testid="stMain"]'), { childList: true, subtree: true });
  window.addEventListener("resize", soon);
  for (const wait of [150, 600, 1500]) setTimeout(fitAll, wait);
  return () => {
    document.removeEventListener("keydown", onKey, true);
    window.removeEventListener("resize", soon);
    watch.disconnect();
    clearTimeout(timer);
  };
}
