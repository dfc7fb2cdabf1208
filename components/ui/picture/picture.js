// The one dialog of a page in which a chart becomes a file; nothing of it goes to the server.

const MOUNTS = new WeakMap();

class Pictures {
  constructor(root) {
    const part = (selector) => root.querySelector(selector);
    this.dialog = part("dialog");
    this.parts = { form: part("form"), caption: part("textarea"), preview: part("img"), status: part(".status"), cite: part("[name=cite]"), citation: part(".citation") };
    this.parts.form.onsubmit = (event) => event.preventDefault();
    this.parts.form.oninput = () => this.show();
    part("[data-close]").onclick = () => this.dialog.close();
    part("[data-save=svg]").onclick = () => this.save("svg");
    part("[data-save=png]").onclick = () => this.save("png");
    this.dialog.onclick = (event) => {
      if (event.target === this.dialog) this.dialog.close();
    };
    this.asked = (event) => {
      const button = event.target.closest?.("[data-picture]");
      if (button) this.open(button.dataset.picture);
    };
    document.addEventListener("click", this.asked);
  }

  open(key) {
    const chart = document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
    if (!chart) return;
    this.key = key;
    this.chart = chart;
    const heading = document.querySelector(`.st-key-${CSS.escape(key)}-heading`);
    this.title = heading?.querySelector(".u-title")?.textContent ?? "";
    this.parts.caption.value = heading?.querySelector(".u-sentence")?.textContent ?? "";
    this.parts.form.elements.theme.value = this.data.now;
    this.parts.citation.textContent = this.data.citation;
    this.dialog.showModal();
    this.show();
  }

  async picture() {
    const { now, palettes } = this.data;
    const wanted = this.parts.form.elements.theme.value;
    return compose(this.chart, {
      title: this.title,
      caption: this.parts.caption.value,
      citation: this.parts.cite.checked ? `${this.data.citation} ${location.origin}` : "",
      colours: palettes[wanted],
      translate: wanted === now ? null : translator(palettes[now], palettes[wanted]),
    });
  }

  async show() {
    const number = (this.number = (this.number ?? 0) + 1);
    try {
      const { text } = await this.picture();
      if (number !== this.number) return;
      this.parts.preview.src = inline(text);
      this.parts.preview.alt = `${this.title}: as it will be saved`;
      this.parts.status.textContent = "";
    } catch {
      this.parts.status.textContent = "This chart cannot be made a picture in this browser.";
    }
  }

  async save(form) {
    try {
      const { text, width, height } = await this.picture();
      const name = `unrolled-${this.key}.${form}`;
      handOver(form === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await pixels(text, width, height), name);
      this.parts.status.textContent = `Saved as ${name}.`;
    } catch {
      this.parts.status.textContent = "This chart cannot be made a picture in this browser.";
    }
  }

  close() {
    document.removeEventListener("click", this.asked);
  }
}

const inline = (text) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;

// At twice the size, so that it stays sharp on a projector.
async function pixels(text, width, height) {
  const image = await loaded(inline(text));
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function handOver(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export default function ({ data, parentElement }) {
  let pictures = MOUNTS.get(parentElement);
  if (!pictures) MOUNTS.set(parentElement, (pictures = new Pictures(parentElement)));
  pictures.data = data;
  return () => {
    pictures.close();
    MOUNTS.delete(parentElement);
  };
}
