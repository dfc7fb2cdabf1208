// Words as buttons between what stands between them; everything is set as text.
const LONGEST = 24; // a word up to so long, with its comma or quotation mark, is not broken

export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector(".pick");
  const focused = line.contains(line.getRootNode().activeElement);
  const parts = [];
  let taken = 0; // of what stands before a word, as the end of the word before it
  data.words.forEach((word, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.setAttribute("aria-pressed", place === data.chosen);
    button.addEventListener("click", () => setTriggerValue("chosen", place));
    const before = data.between[place].slice(taken);
    const [opening] = before.match(/\S*$/);
    const [closing] = (data.between[place + 1] ?? data.rest).match(/^\S*/);
    taken = closing.length;
    const whole = document.createElement("span");
    whole.append(opening, button, closing);
    whole.className = whole.textContent.length > LONGEST ? "" : "whole";
    parts.push(before.slice(0, before.length - opening.length), whole);
  });
  line.replaceChildren(...parts, data.rest.slice(taken));
  line.classList.toggle("large", data.large);
  line.classList.toggle("long", line.textContent.length > 90);
  if (focused) line.querySelector('[aria-pressed="true"]')?.focus();
}
