// Bring a part of the page into sight, and again while what stands above it or in it still grows; a visitor who scrolls
// meanwhile wins.
function bringIntoSight(find, waits) {
  let held = true;
  const release = () => {
    held = false;
  };
  for (const touch of ["wheel", "touchmove", "keydown", "pointerdown"]) window.addEventListener(touch, release, { once: true });
  for (const wait of waits) {
    setTimeout(() => {
      const part = held && find();
      if (!part) return;
      part.style.scrollMarginTop = "12rem"; // below what stays in sight at the top
      part.scrollIntoView({ block: "start" });
    }, wait);
  }
}
