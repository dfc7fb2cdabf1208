// Where a browser keeps its clipboard from pages that are not served encrypted, the old way still works.
function copyTheOldWay(text) {
  const box = document.createElement("textarea");
  box.value = text;
  // In the dialog that is open, which keeps the focus for itself.
  const place = document.querySelector('[role="dialog"]') ?? document.body;
  place.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  if (parentElement.copies !== data.text) status.textContent = "";
  parentElement.copies = data.text;
  button.textContent = data.label;
  button.onclick = async () => {
    let done;
    try {
      await navigator.clipboard.writeText(data.text);
      done = true;
    } catch {
      done = copyTheOldWay(data.text);
      button.focus();
    }
    status.textContent = done ? "Copied" : "Your browser does not allow it: select the text above and copy it.";
  };
}
