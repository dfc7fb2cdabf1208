// A list of panels: whoever chooses one gets it opened and brought into sight. `data-open` names the panel's key.
function jump(event) {
  const button = event.target.closest?.("[data-open]");
  const panel = button && document.querySelector(`.st-key-${CSS.escape(button.dataset.open)}`);
  if (!panel) return;
  const header = panel.querySelector("details:not([open]) > summary");
  if (header) header.click();
  let held = true;
  const release = () => {
    held = false;
  };
  for (const touch of ["wheel", "touchmove", "keydown", "pointerdown"]) window.addEventListener(touch, release, { once: true });
  // Again while what is above or in it still grows; whoever scrolls meanwhile wins.
  for (const wait of [0, 300, 900, 1800]) {
    setTimeout(() => {
      if (!held || !panel.isConnected) return;
      panel.style.scrollMarginTop = "12rem"; // below what stays in sight at the top
      panel.scrollIntoView({ block: "start" });
    }, wait);
  }
  (panel.querySelector("summary") ?? panel).focus?.({ preventScroll: true });
}
