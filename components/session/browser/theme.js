// Colours of charts and words are chosen where the page is made: when the visitor changes the theme, or the system does
// at dusk, the page is made again. The page's own background tells, whoever changed it.
function followTheme(dark, changed) {
  const app = document.querySelector('[data-testid="stApp"]') ?? document.body;
  const shown = () => {
    const [red, green, blue] = getComputedStyle(app).backgroundColor.match(/\d+/g).map(Number);
    return red + green + blue < 384;
  };
  const kept = (window.unrolledTheme ??= {});
  const look = () => {
    if (shown() === kept.dark || kept.asked === shown()) return;
    kept.asked = shown();
    kept.changed(kept.asked);
  };
  Object.assign(kept, { dark, changed, asked: undefined });
  if (kept.watching === app) return;
  kept.watching = app;
  new MutationObserver(look).observe(app, { attributeFilter: ["class"] });
}
