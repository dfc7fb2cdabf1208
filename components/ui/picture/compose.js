// One chart as one SVG: its title, what Plotly has drawn, a caption, and where it comes from.

const XLINK = "http://www.w3.org/1999/xlink";
// A file has no font of the page: these are measured and written.
const FONT = "Helvetica, Arial, sans-serif";
const EDGE = 20;
// What Plotly draws for the pointer alone.
const UNWANTED = ".draglayer, .zoomlayer, .hoverlayer, .modebar-container, .selectionlayer";

// Lines of words that fit, as the browser would break them.
function broken(text, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// What is drawn of the chart itself, moved to its place.
async function chartAt(chart, top) {
  const group = drawn("g", { transform: `translate(${EDGE} ${top})` });
  const sheets = [...chart.querySelectorAll("svg.main-svg")].filter((sheet) => !sheet.closest(".modebar-container"));
  sheets.forEach((sheet, i) => {
    if (i === sheets.length - 1) group.append(...scenes(chart)); // a plot in three dimensions lies below the legend
    group.append(...copied(sheet).childNodes);
  });
  group.querySelectorAll(UNWANTED).forEach((element) => element.remove());
  return group;
}

// A copy whose words keep the room that they have on the page, in whatever font the file is looked at.
function copied(sheet) {
  const copy = sheet.cloneNode(true);
  const texts = [...copy.querySelectorAll("text")];
  sheet.querySelectorAll("text").forEach((text, i) => {
    const length = text.children.length ? 0 : text.getComputedTextLength();
    if (!length) return;
    texts[i].setAttribute("textLength", length.toFixed(1));
    texts[i].setAttribute("lengthAdjust", "spacingAndGlyphs");
  });
  return copy;
}

// Plots in three dimensions are drawn by the graphics card; each tells its own picture.
function scenes(chart) {
  const frame = chart.getBoundingClientRect();
  return Object.values(chart._fullLayout).flatMap((one) => {
    const scene = one?._scene;
    if (!scene?.toImage) return [];
    const box = scene.container.getBoundingClientRect();
    const place = { x: box.left - frame.left, y: box.top - frame.top, width: box.width, height: box.height };
    const image = drawn("image", { ...place, preserveAspectRatio: "none" });
    image.setAttributeNS(XLINK, "xlink:href", scene.toImage("png"));
    return [image];
  });
}

// The picture's text, and its size. `translate` is null where the theme stays as it is.
async function compose(chart, { title, caption, citation, colours, translate }) {
  const { width, height } = chart._fullLayout;
  const across = width + 2 * EDGE;
  const fonts = { title: `600 20px ${FONT}`, caption: `15px ${FONT}`, citation: `12px ${FONT}` };
  const blocks = { title: broken(title, width, fonts.title), caption: broken(caption, width, fonts.caption), citation: broken(citation, width, fonts.citation) };
  const step = { title: 26, caption: 21, citation: 17 };
  const top = EDGE + blocks.title.length * step.title + 6;
  const chartGroup = await chartAt(chart, top);
  if (translate) {
    for (const image of chartGroup.querySelectorAll("image")) {
      const source = image.getAttributeNS(XLINK, "href") ?? image.getAttribute("href");
      if (source?.startsWith("data:image/")) image.setAttributeNS(XLINK, "xlink:href", await recolourImage(source, translate));
    }
  }
  let inner = new XMLSerializer().serializeToString(chartGroup);
  if (translate) inner = recolourText(inner, translate);
  let y = top + height + 8;
  const text = (lines, kind, colour, start) =>
    lines.map((line, i) => drawn("text", { x: EDGE, y: start + (i + 0.75) * step[kind], fill: colour, style: `font: ${fonts[kind]}` }, line));
  const words = text(blocks.title, "title", colours.plain.ink, EDGE);
  words.push(...text(blocks.caption, "caption", colours.plain.ink, y));
  y += blocks.caption.length * step.caption + 6;
  words.push(...text(blocks.citation, "citation", colours.plain.muted, y));
  const down = Math.ceil(y + blocks.citation.length * step.citation + EDGE / 2);
  const serialised = words.map((element) => new XMLSerializer().serializeToString(element)).join("");
  return {
    width: across,
    height: down,
    text:
      `<svg xmlns="${SVG}" xmlns:xlink="${XLINK}" width="${across}" height="${down}" viewBox="0 0 ${across} ${down}" ` +
      `font-family="sans-serif"><rect width="100%" height="100%" fill="${colours.plain.paper}"/>${inner}${serialised}</svg>`,
  };
}
