// Bring a part of the page into sight, and again while what stands above it still grows; a visitor who scrolls wins.
// The page may run again at once, so every request has a number, and is followed once.
export default function ({ data }) {
  if (!data || window.unrolledFollowed === data.request) return;
  window.unrolledFollowed = data.request;
  let held = true;
  const release = () => {
    held = false;
  };
  for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) window.addEventListener(event, release, { once: true });
  for (const wait of [100, 500, 1200, 2200]) {
    setTimeout(() => {
      const wanted = held && document.querySelector(`.st-key-${data.key}`);
      if (!wanted) return;
      wanted.style.scrollMarginTop = "12rem"; // below what stays in sight at the top
      wanted.scrollIntoView({ block: "start" });
    }, wait);
  }
}
