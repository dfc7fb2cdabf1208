// The page may run again at once, so every request has a number, and is followed once.
export default function ({ data }) {
  if (!data || window.unrolledFollowed === data.request) return;
  window.unrolledFollowed = data.request;
  bringIntoSight(() => document.querySelector(`.st-key-${data.key}`), [100, 500, 1200, 2200]);
}
