// Every letter of text in some parts of a page that is presented, in components and drawings too: the smallest, and which
// stand beyond the screen. Given a selector, and whether the page scrolls.
([selector, scrolls]) => {
  const frame = document.querySelector('[data-testid="stMainBlockContainer"]');
  const scale = frame.getBoundingClientRect().width / frame.offsetWidth;
  let [smallest, count] = [["", 1], 0];
  const beyond = [];
  const magnified = (one) => one instanceof SVGElement ? Math.hypot(one.getScreenCTM().a, one.getScreenCTM().b) : scale * (one.currentCSSZoom ?? 1);
  const read = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) read(one.shadowRoot);
      const text = [...one.childNodes].find((node) => node.nodeType === 3 && node.data.trim());
      if (!text || one.closest(".spoken, .heard, .u-heard") || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      count += 1;
      const letters = text.data.trim().slice(0, 30);
      const size = (parseFloat(getComputedStyle(one).fontSize) * magnified(one)) / innerHeight;
      if (size < smallest[1]) smallest = [letters, size];
      if (box.right > innerWidth + 2 || (!scrolls && box.bottom > innerHeight + 2)) beyond.push(letters);
    }
  };
  document.querySelectorAll(selector).forEach(read);
  return { smallest, beyond, count };
}
