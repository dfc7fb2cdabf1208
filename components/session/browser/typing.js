// A text is read when it is typed: a moment after the last key, as if the visitor had pressed Ctrl+Enter. Until then
// what stands on the page belongs to the text before, and is shown so.
const REST = 900; // ms without a key

function watchTyping(review, keep) {
  const box = document.querySelector(".st-key-review textarea");
  if (!box) return;
  const settle = () => document.documentElement.toggleAttribute("data-unread", box.value !== box.unrolledRead);
  box.unrolledRead = review;
  settle();
  if (box.unrolledWatched) return;
  box.unrolledWatched = true;
  let waiting = 0;
  box.addEventListener("input", (event) => {
    settle();
    keep(box.value);
    clearTimeout(waiting);
    const read = () => box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }));
    if (!event.isComposing) waiting = setTimeout(read, REST);
  });
  box.addEventListener("blur", () => clearTimeout(waiting));
}
