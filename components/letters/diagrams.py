"""Four small diagrams of the same cell: which steps read something and which say something. No visitor's text."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from components.ui.theme import Palette


@dataclass(frozen=True)
class Kind:
    """One kind of sequence task.

    Attributes:
        name: of the kind; title: what this page does with it; use: where it is used, one line.
        reads, says: the steps with an input and with an output, of ``steps``.
        feeds: whether what is said is read at the next step.
    """

    name: str
    title: str
    use: str
    steps: int
    reads: tuple[int, ...]
    says: tuple[int, ...]
    feeds: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "one to one",
            "The next letter, without memory",
            "Classifying a picture: no sequence at all.",
            1,
            (0,),
            (0,),
        ),
        Kind(
            "one to many",
            "Write on after one letter",
            "Captioning: one picture in, a sentence out.",
            3,
            (0,),
            (0, 1, 2),
            feeds=True,
        ),
        Kind(
            "many to one",
            "The class of a word",
            "Sentiment: a review in, one verdict out, as on Read.",
            3,
            (0, 1, 2),
            (2,),
        ),
        Kind(
            "many to many",
            "Vowel or not, letter by letter",
            "Tagging: a label for every word. Translation, where reading ends before writing begins.",
            3,
            (0, 1, 2),
            (0, 1, 2),
        ),
    )
}
_WIDE, _HIGH, _BOX = 54, 128, 26


def cards(chosen: str, colours: Palette) -> str:
    """The four diagrams side by side as HTML, the chosen one framed."""
    made = "".join(
        f'<figure class="l-kind{" chosen" if kind.name == chosen else ""}">{_picture(kind, colours)}'
        f"<figcaption><b>{kind.name.capitalize()}</b><br>{kind.use}</figcaption></figure>"
        for kind in KINDS.values()
    )
    return f'<div class="l-kinds">{made}</div>'


def _picture(kind: Kind, colours: Palette) -> str:
    """A diagram as an image: Streamlit takes drawings out of HTML."""
    data = base64.b64encode(diagram(kind, colours).encode()).decode()
    return f'<img alt="The cell, {kind.name}" src="data:image/svg+xml;base64,{data}">'


def diagram(kind: Kind, colours: Palette) -> str:
    """Boxes from below: input, cell, output; arrows where something is passed on. SVG."""
    width = 3 * _WIDE
    left = (width - kind.steps * _WIDE) / 2
    parts = []
    for step in range(kind.steps):
        x = left + step * _WIDE + _WIDE / 2
        parts.append(_box(x, 64, 26, colours.ink, colours))
        parts.append(f'<text x="{x}" y="69" fill="{colours.paper}">h</text>')
        if step:
            parts.append(_arrow(x - _WIDE + _BOX / 2, 64, x - _BOX / 2, 64, colours.ink))
        if step in kind.reads:
            parts += [_box(x, 110, 18, colours.surface, colours), _arrow(x, 101, x, 77, colours.ink)]
        if step in kind.says:
            parts += [_box(x, 18, 18, colours.surface, colours), _arrow(x, 51, x, 27, colours.ink)]
        if kind.feeds and step:
            parts.append(_arrow(x - _WIDE + _BOX / 2, 22, x - 8, 51, colours.muted, dash="3 3"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HIGH}" width="{width}" height="{_HIGH}" '
        'font-family="Georgia,serif" font-style="italic" font-size="14" text-anchor="middle">'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colours.ink}"/></marker></defs>{"".join(parts)}</svg>'
    )


def _box(x: float, y: float, height: float, fill: str, colours: Palette) -> str:
    place = f'x="{x - _BOX / 2}" y="{y - height / 2}" width="{_BOX}" height="{height}" rx="4"'
    return f'<rect {place} fill="{fill}" stroke="{colours.ink}" stroke-width="1.3"/>'


def _arrow(x1: float, y1: float, x2: float, y2: float, ink: str, dash: str = "none") -> str:
    place = f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
    return f'<line {place} stroke="{ink}" stroke-width="1.6" stroke-dasharray="{dash}" marker-end="url(#head)"/>'
