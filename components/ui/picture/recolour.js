// A picture of one theme in the colours of the other: every colour goes to the one that means the same.

// Inks and papers, to which greys belong: Streamlit has some of its own.
const GREYS = ["paper", "surface", "ink", "muted", "line"];

// A function from [r, g, b] to [r, g, b]: what is nearest in one palette becomes its counterpart in the other.
function translator(from, to) {
  const greys = GREYS.map((name) => [channels(from.plain[name]), channels(to.plain[name])]);
  const pairs = Object.keys(from.plain).map((name) => [channels(from.plain[name]), channels(to.plain[name])]);
  from.scales.forEach((scale, k) => {
    for (let i = 0; i <= 48; i += 1) pairs.push([onScale(scale, i / 48), onScale(to.scales[k], i / 48)]);
  });
  const known = new Map();
  return (r, g, b, written = false) => {
    const grey = written && Math.max(r, g, b) - Math.min(r, g, b) < 26;
    const key = (grey << 24) | (r << 16) | (g << 8) | b;
    if (!known.has(key)) {
      let best = Infinity;
      for (const [[x, y, z], there] of grey ? greys : pairs) {
        const distance = (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2;
        if (distance < best) {
          best = distance;
          known.set(key, there);
        }
      }
    }
    return known.get(key);
  };
}

// Every colour that is written in the picture's text.
function recolourText(text, translate) {
  return text
    .replace(/rgb(a?)\((\d+),\s*(\d+),\s*(\d+)/g, (_, alpha, ...rgb) => `rgb${alpha}(${translate(...rgb.slice(0, 3).map(Number), true).join(", ")}`)
    .replace(/#([0-9a-f]{6})\b/gi, (hex) => `rgb(${translate(...channels(hex), true).join(", ")})`);
}

// The pixels of heatmaps, which Plotly draws as pictures.
async function recolourImage(source, translate) {
  const image = await loaded(source);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < pixels.data.length; i += 4) {
    if (pixels.data[i + 3]) pixels.data.set(translate(pixels.data[i], pixels.data[i + 1], pixels.data[i + 2]), i);
  }
  pen.putImageData(pixels, 0, 0);
  return canvas.toDataURL("image/png");
}

function loaded(source) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(new Error("the picture cannot be drawn"));
    image.src = source;
  });
}
