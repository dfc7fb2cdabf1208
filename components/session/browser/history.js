// What an entry on the same page begins with: the text of the entry before, until another one is read.
function textOf(url) {
  if (new URL(url ?? "", location.href).pathname !== location.pathname) return {};
  const { unrolledReview, unrolledPage } = history.state ?? {};
  return unrolledReview === undefined ? {} : { unrolledReview, unrolledPage };
}

// One entry of the browser's history for one step of the visitor, and the text of each entry with it.
// A page that opens, or that follows an address, writes its settings into the address of the entry that is there.
function keepHistory(review, page, restore) {
  const kept = (window.unrolledHistory ??= { stepped: true });
  kept.restore = restore;
  kept.review = review;
  kept.page = page;
  if (!kept.watching) {
    kept.watching = true;
    const push = history.pushState.bind(history);
    kept.push = push;
    for (const event of ["pointerdown", "keydown"]) {
      window.addEventListener(event, () => (kept.stepped = true), { capture: true });
    }
    history.pushState = (state, title, url) => {
      if (!kept.stepped) history.replaceState({ ...history.state, ...state }, title, url);
      else push({ ...textOf(url), ...state }, title, url);
      kept.stepped = false;
    };
    window.addEventListener("popstate", () => {
      kept.stepped = false;
      const { unrolledReview: text, unrolledPage: there } = history.state ?? {};
      // One of our reviews comes with the address; asking for it too would bring along the text that was there.
      const named = new URLSearchParams(location.search).has("example");
      kept.wanted = named || text === kept.review ? undefined : text;
      // After Streamlit's own run for the address; on another page, that page asks for it once it is there.
      kept.asks = there === kept.page ? undefined : there;
      if (kept.wanted !== undefined && kept.asks === undefined) setTimeout(() => kept.restore(text), 0);
    });
  }
  if (kept.wanted !== undefined && kept.wanted !== review) {
    if (kept.asks === page) {
      kept.asks = undefined;
      restore(kept.wanted);
    }
    return; // on the way back to it
  }
  kept.wanted = undefined;
  const here = history.state?.unrolledReview;
  if (here === review) return;
  const entry = { ...history.state, unrolledReview: review, unrolledPage: page };
  if (here === undefined || !kept.stepped) history.replaceState(entry, "");
  else kept.push(entry, "");
  kept.stepped = false;
}
