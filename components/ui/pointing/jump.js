// A list of panels: whoever chooses one gets it opened and brought into sight. `data-open` names the panel's key.
function jump(event) {
  const button = event.target.closest?.("[data-open]");
  const panel = button && document.querySelector(`.st-key-${CSS.escape(button.dataset.open)}`);
  if (!panel) return;
  const header = panel.querySelector("details:not([open]) > summary");
  if (header) header.click();
  bringIntoSight(() => panel.isConnected && panel, [0, 300, 900, 1800]);
  (panel.querySelector("summary") ?? panel).focus?.({ preventScroll: true });
}
