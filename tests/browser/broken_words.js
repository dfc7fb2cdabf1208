// Words that stand on two lines though no hyphen or slash is in them: what a narrow page has broken in the middle.
() => {
  const broken = [];
  const look = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.shadowRoot) look(node.shadowRoot);
      if (node.nodeType !== Node.TEXT_NODE || node.parentElement.closest("style, script, pre, code, svg, textarea")) continue;
      if (!node.parentElement.checkVisibility()) continue;
      for (const { index, 0: word } of node.data.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0.5).map((box) => Math.round(box.top)));
        if (lines.size > 1) broken.push(`${word} in: ${node.data.slice(0, 60)}`);
      }
    }
  };
  look(document.body);
  return broken;
}
