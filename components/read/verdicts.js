// Asks the server for the next verdicts once the page is painted and the visitor has rested for a moment.
// `data.of` names what is asked for: the same question is asked once.
export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.asked === data.of) return;
  parentElement.asked = data.of;
  clearTimeout(parentElement.waiting);
  const ask = () => {
    parentElement.waiting = setTimeout(() => setTriggerValue("next", data.of), data.wait);
  };
  // Two frames later what this answer brought is on the screen.
  requestAnimationFrame(() => requestAnimationFrame(ask));
  return () => clearTimeout(parentElement.waiting);
}
