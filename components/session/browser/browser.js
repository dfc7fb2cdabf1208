// What is kept in the tab: the review, also what nobody has read yet, which visit it was of, and which text or example
// the address named then.
const KEY = "unrolled-review";
const MOST_TYPED = 100_000; // characters that are kept with every key; a longer text is kept once it is read

function named() {
  const address = new URLSearchParams(location.search);
  return JSON.stringify([address.get("text"), address.get("example")]);
}

export default function ({ data: bytes, setTriggerValue }) {
  const data = JSON.parse(new TextDecoder().decode(bytes));
  followTheme(data.dark, (dark) => setTriggerValue("theme", dark ? "dark" : "light"));
  keepBeside(data.visit, data.beside, (kept) => setTriggerValue("beside", kept));
  if (data.review === null) return; // a page without one, before any was read
  watchTyping(data.review, (typed) => {
    const kept = read(KEY);
    if (kept && typed.length < MOST_TYPED) write(KEY, { ...kept, review: typed });
  });
  keepHistory(data.review, data.page, (text) => setTriggerValue("restored", text));
  const kept = read(KEY);
  // Another visit at the same address: the page was loaded again, or another process has taken over. A link that has
  // been opened since names something else, and is right.
  if (kept && kept.visit !== data.visit && kept.named === named() && kept.review !== data.review) {
    write(KEY, { ...kept, visit: data.visit });
    setTriggerValue("restored", kept.review);
    return;
  }
  write(KEY, { visit: data.visit, review: data.review, named: named() });
}
