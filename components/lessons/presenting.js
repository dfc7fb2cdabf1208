// While a lesson is presented: a slide clicker turns the steps, F5 (which some send to begin) does nothing, and what it
// shows fits its part of the screen.
const KEYS = { PageDown: "go-arrow_forward", ArrowRight: "go-arrow_forward", PageUp: "go-arrow_back", ArrowLeft: "go-arrow_back" };
const root = document.documentElement;
const LINES = 720;
const LEAST_WIDTH = 1200;
const EDGE = 38; // for the two buttons in the corners
const SMALLEST = 0.3;
const LARGEST = 1.5;
const ATTEMPTS = 3;
const AGAIN = 500; // milliseconds between looks at whether anything has grown too high since

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

const frames = (count) => new Promise((done) => (count ? requestAnimationFrame(() => frames(count - 1).then(done)) : done()));

// The largest zoom at which a box fits the room below its top. What is in it answers a change of size a frame or two
// later, so it is tried, looked at and tried again; ``still`` says whether nothing newer has begun meanwhile.
async function fit(name, most, news, still) {
  const box = document.querySelector(`.st-key-${name}`);
  if (!box) return;
  const scale = Math.min(innerHeight / LINES, innerWidth / LEAST_WIDTH); // --fit of the sheet
  const room = (innerHeight - box.getBoundingClientRect().top) / scale - EDGE;
  const charts = box.querySelector(".js-plotly-plot") !== null;
  const parts = () => [...box.querySelectorAll("[data-testid=stElementContainer], details")].map((one) => one.offsetHeight);
  const looks = () => [Math.round(room), box.offsetWidth, charts, ...parts()].join();
  const set = (zoom, less = 0) => {
    box.style.zoom = zoom === 1 ? "" : zoom;
    box.style.setProperty("--zoom", zoom);
    box.style.setProperty("--scale", scale * zoom); // charts are asked for their size in pixels of the screen
    box.style.setProperty("--room", `${room / zoom - less}px`);
  };
  const tables = () => [...box.querySelectorAll("[role=region]")];
  const fits = () => {
    const { top, right } = box.getBoundingClientRect();
    const inside = [...box.querySelectorAll("[data-testid=stElementContainer], [role=region], .unrolled-equation")];
    // What is folded has a box too, and a list that scrolls has boxes beyond it.
    const seen = inside.filter((one) => !one.closest("details:not([open]), .st-key-class-sentences [data-testid=stExpanderDetails]"));
    const edges = [box, ...seen].map((one) => one.getBoundingClientRect());
    const wide = (charts ? tables() : [box, ...tables()]).some((one) => one.scrollWidth > one.clientWidth + 2);
    return !wide && edges.every((edge) => (edge.bottom - top) / scale <= room + 1 && edge.right <= right + 1);
  };
  const same = box.dataset.fitted === looks();
  if (same) {
    set(Number(box.style.zoom) || 1, 1); // a larger screen shows the same, larger
    if (box.hasAttribute("data-unfit")) return;
    await frames(2);
    if (!still()) return;
  }
  if (box.dataset.fitted && (same || !news) && fits()) return;
  box.dataset.fitting = "yes";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Charts fill whatever room there is, so a wide table beside them is made narrower alone; other things may grow.
    for (const table of charts ? tables() : []) {
      table.style.zoom = "";
      table.style.zoom = Math.min(1, table.clientWidth / table.scrollWidth);
    }
    let [low, high] = [SMALLEST, charts ? 1 : most];
    let zoom = Math.min(1, high);
    for (let turn = 0; turn < 7; turn++) {
      set(zoom);
      await frames(2);
      if (!still()) return;
      if (fits()) low = zoom;
      else high = zoom;
      if (high - low < 0.03) break;
      zoom = turn === 0 && low === zoom ? high : (low + high) / 2;
    }
    set(low);
    await frames(4);
    // Plotly places a legend by the margins of the drawing before; drawn once more, it stands where it belongs.
    set(low, 1);
    await frames(2);
    if (!still()) return;
    box.toggleAttribute("data-unfit", !fits()); // something has grown since it was tried, or is too large for any screen
    if (fits()) break;
  }
  box.dataset.fitted = looks();
  delete box.dataset.fitting;
}

export default function () {
  document.addEventListener("keydown", onKey, true);
  let [timer, number] = [0, 0];
  const fitAll = async (news) => {
    clearTimeout(timer);
    const mine = ++number;
    const still = () => mine === number;
    await Promise.all([fit("lesson-text", 1, news, still), fit("lesson-stage", LARGEST, news, still)]);
    if (!still()) return;
    timer = setTimeout(fitAll, AGAIN, false);
    delete root.dataset.fitting;
  };
  const soon = () => {
    root.dataset.fitting = "soon";
    clearTimeout(timer);
    timer = setTimeout(fitAll, 80, true);
  };
  const resized = () => {
    root.dataset.fitting = "now";
    fitAll(true);
  };
  // Charts draw themselves anew when they are resized, and what folds changes its icon as it moves under the pointer; that
  // is no news.
  const watch = new MutationObserver((changes) => {
    if (changes.some(({ target }) => !target.closest(".js-plotly-plot, summary"))) soon();
  });
  watch.observe(document.querySelector('[data-testid="stMain"]'), { childList: true, subtree: true });
  window.addEventListener("resize", resized);
  resized();
  return () => {
    document.removeEventListener("keydown", onKey, true);
    window.removeEventListener("resize", resized);
    watch.disconnect();
    clearTimeout(timer);
    number++;
    delete root.dataset.fitting;
  };
}
