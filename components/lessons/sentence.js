// The sentence, word by word. Text is set as text, never as HTML.
export default function ({ parentElement, data, setTriggerValue }) {
  let line = parentElement.querySelector("p");
  if (!line) {
    line = document.createElement("p");
    line.lang = "en";
    parentElement.append(line);
  }
  line.replaceChildren(
    ...data.pieces.map(({ text, word }) => {
      if (word === null) return document.createTextNode(text);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-pressed", String(word === data.here));
      button.addEventListener("click", () => setTriggerValue("word", word));
      return button;
    }),
  );
  // A long sentence gets smaller letters, down to a twenty-fifth of the screen's height; what is longer still scrolls.
  const letters = data.pieces.reduce((sum, { text }) => sum + text.length, 0);
  line.classList.toggle("long", letters > 90);
}
