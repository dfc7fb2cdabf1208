// Words as buttons between what stands between them; everything is set as text.
export default function ({ data, parentElement, setTriggerValue }) {
  const line = parentElement.querySelector(".pick");
  const focused = line.contains(line.getRootNode().activeElement);
  const parts = data.words.flatMap((word, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.setAttribute("aria-pressed", place === data.chosen);
    button.addEventListener("click", () => setTriggerValue("chosen", place));
    return [data.between[place], button];
  });
  line.replaceChildren(...parts, data.rest);
  if (focused) line.querySelector('[aria-pressed="true"]')?.focus();
}
