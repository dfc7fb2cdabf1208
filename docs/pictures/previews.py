"""Make the pictures that a shared link shows; needs Chromium and Playwright.

.venv/bin/python -m docs.pictures.previews
"""

from __future__ import annotations

import html

import numpy as np

from benchmarks.browser import chromium
from benchmarks.served import ROOT
from components.ui.theme import LIGHT, ink_on, sentiment_colour
from components.ui.verdict import in_words
from models.catalog import load_model
from models.examples import EXAMPLES, Example

FOLDER = ROOT / "static" / "previews"
MOST = 46  # words
STYLE = f"""body {{ margin: 0; width: 1200px; height: 630px; box-sizing: border-box; padding: 54px 64px; display: flex;
  flex-direction: column; background: {LIGHT.paper}; color: {LIGHT.ink}; font: 26px 'DejaVu Sans', sans-serif }}
p {{ font: 37px/1.62 'DejaVu Serif', Georgia, serif; margin: 0; flex: 1; overflow: hidden }}
p span {{ border-radius: 6px; padding: 0 .12em }} footer {{ display: flex; justify-content: space-between;
  align-items: baseline }} b {{ font-size: 42px }}"""


def drawn(example: Example) -> str:
    """A page with the review as the LSTM read it, its verdict and the app's name."""
    trace = load_model("lstm").trace(example.text)
    scale = np.abs(trace.contributions).max()
    pieces, at = [], 0
    for token, push in zip(trace.tokens[:MOST], trace.contributions, strict=False):
        colour = sentiment_colour(float(push / scale), LIGHT)
        pieces.append(html.escape(example.text[at : token.start]))
        pieces.append(f'<span style="background:{colour};color:{ink_on(colour)}">{html.escape(token.text)}</span>')
        at = token.end
    pieces.append(" …" if len(trace.tokens) > MOST else html.escape(example.text[at:]))
    side = LIGHT.positive if trace.probability >= 0.5 else LIGHT.negative
    return (
        f"<style>{STYLE}</style><p>{''.join(pieces)}</p><footer><b style='color:{side}'>"
        f"{in_words(trace.probability).capitalize()}</b><span>P(positive) = {trace.probability:.3f}</span>"
        "<span>Unrolled · watch a network read</span></footer>"
    )


def main() -> None:
    """Write one picture for every example."""
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for example in EXAMPLES:
            page.set_content(drawn(example))
            page.screenshot(path=FOLDER / f"{example.name}.png")


if __name__ == "__main__":
    main()
