// Asks the server for the next verdicts once the page is painted and the visitor has rested for a moment.
// `data.of` names what is asked for: the same question is asked once.
const BACK = 1000; // ms from a step back or forward, which is answered first

export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.asked === data.of) return;
  parentElement.asked = data.of;
  const leave = () => {
    clearTimeout(parentElement.waiting);
    window.removeEventListener("popstate", parentElement.putOff);
  };
  leave();
  const ask = (wait) => {
    clearTimeout(parentElement.waiting);
    parentElement.waiting = setTimeout(() => {
      leave();
      setTriggerValue("next", data.of);
    }, wait);
  };
  // Whatever is asked on the way back would bring along the text that was there, as if it had been typed once more.
  parentElement.putOff = () => ask(BACK);
  window.addEventListener("popstate", parentElement.putOff);
  // Two frames later what this answer brought is on the screen.
  requestAnimationFrame(() => requestAnimationFrame(() => ask(data.wait)));
  return leave;
}
