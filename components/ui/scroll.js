// Bring a part of the page into sight, and again while what stands above it is still growing; a visitor who scrolls wins.
export default function ({ data }) {
  let held = true;
  const release = () => {
    held = false;
  };
  for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) window.addEventListener(event, release, { once: true });
  for (const wait of [100, 500, 1200, 2200]) {
    setTimeout(() => held && document.querySelector(`.st-key-${data.key}`)?.scrollIntoView({ block: "start" }), wait);
  }
}
