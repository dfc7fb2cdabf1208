"""A text with its edited words marked."""

from __future__ import annotations

import html
from collections.abc import Sequence

from components.ui.words import greyed, visible
from models.compare.edits import Pair
from models.text import Token

MOST_SHOWN = 1_500


def marked(text: str, tokens: Sequence[Token], pairs: Sequence[Pair], side: str) -> str:
    """The escaped text with edited words marked: struck out, underlined with a plus, or boxed."""
    kinds = {}
    for pair in pairs:
        place = pair.before if side == "before" else pair.after
        if place is not None and pair.kind != "same":
            kinds[place] = pair.kind
    pieces: list[str] = []
    position = 0
    if tokens and any(map(str.isalnum, text[: tokens[0].start])):
        position = tokens[0].start
        lead = ("…" if position > 300 else "") + text[max(0, position - 300) : position]
        pieces.append(greyed(lead))
    for place, token in enumerate(tokens[:MOST_SHOWN]):
        pieces.append(html.escape(visible(text[position : token.start])))
        word = html.escape(visible(token.text))
        kind = kinds.get(place)
        if kind is None:
            pieces.append(word)
        else:
            tag = {"removed": "del", "added": "ins", "replaced": "span"}[kind]
            plus = "+" if kind == "added" else ""
            pieces.append(f'<{tag} class="u-edit {side}" title="{kind}">{plus}{word}</{tag}>')
        position = token.end
    rest = text[position : position + 300]
    pieces.append(html.escape(visible(rest)) + ("…" if len(text) > position + 300 else ""))
    return "".join(pieces)
