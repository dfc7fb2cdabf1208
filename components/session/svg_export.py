"""One reading as one HTML file that opens anywhere, offline: no script, no font, no picture from elsewhere.

The pictures are SVG, drawn here from the trace, because Plotly's own script would weigh five megabytes. The file
forbids itself every request (Content-Security-Policy), and all text in it is escaped.
"""

from __future__ import annotations

import html
from datetime import datetime

import numpy as np

from components.ui import labels, sentences, word_axis, words
from components.ui.format import counted, percent, signed
from components.ui.styles import sheet, variables
from components.ui.theme import FAMILY_DASH, LIGHT, sentiment_colour, state_colour
from components.ui.verdict import verdict_html
from models.card import ModelCard
from models.card_facts import recipe
from models.explain.view import drawn_units
from models.sentiment import Trace

Array = np.ndarray
MOST_ROWS = 1_500
_SHEETS = ("ui/words.css", "ui/verdict.css", "session/svg_export.css")
_LEVELS = 20  # colours on either side of zero: finer steps cannot be told apart by eye
_LEFT, _TOP, _PREDICTION, _UNIT, _GAP, _WORDS = 58, 10, 150, 3, 26, 100
_DASHES = {"solid": "", "dot": "2 4", "dash": "8 4"}


def saved_reading(review: str, trace: Trace, card: ModelCard, evidence: str, when: datetime) -> str:
    """The file's HTML.

    Args:
        evidence: what a score like this one meant on the test set, as plain text.
        when: when it was saved, in the visitor's time zone.
    """
    with labels.using(card.sides):
        return _file(review, trace, card, evidence, when)


def _file(review: str, trace: Trace, card: ModelCard, evidence: str, when: datetime) -> str:
    scale, beyond = words.FULL_SHARE, words.beyond(trace)
    coloured = words.review_html(review, trace, LIGHT)
    running = trace.running_probabilities is not None
    low, high = map(_text, labels.now())
    picture = "P(positive) after every word, and the hidden states" if running else "The hidden states at every word"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>A reading by {_text(card.title)}</title>"
        f"<style>{variables(LIGHT)}{''.join(map(sheet, _SHEETS))}</style></head><body>"
        f'<h1>A review, read by {_text(card.title)}</h1><p class="quiet">Saved from Unrolled on '
        f"{_text(when.strftime('%d %B %Y, %H:%M %Z').strip())}</p>"
        f"{verdict_html(trace)}<p>{_text(evidence)} {_text(sentences.what_was_read(trace))}</p>"
        f"<h2>What each word did to the verdict</h2><p>{_text(sentences.credit(trace))}</p>"
        f'<div class="review u-words">{coloured}</div><p class="quiet">From −{scale:.1f} (orange, dashed underline: '
        f"pushes to {low}) to +{scale:.1f} (blue, solid: to {high}), added to the score before the sigmoid (logit). "
        f"Boxed: out of vocabulary.{f' {_text(beyond)}.' if beyond else ''}</p>"
        f"<h2>{_text(picture)}</h2><p>{_text(sentences.running_prediction(trace))}</p>"
        f'<div class="wide">{_picture(trace, card)}</div><p class="quiet">States from −1 (dark plum) over 0 (pale) '
        f"to +1 (dark olive); the units that count most for “{high}” on top.</p>"
        f"<h2>The model</h2>{_facts(card)}<h2>The numbers</h2>{_numbers(trace)}</body></html>\n"
    )


def _text(text: str) -> str:
    """Escaped, with control characters made visible: a browser would drop or obey them."""
    return html.escape(labels.relabelled(words.visible(text)))


def _picture(trace: Trace, card: ModelCard) -> str:
    """Prediction above states above the words, on one axis: one column a word, or a stretch of a long review."""
    count = len(trace.tokens)
    starts = word_axis.columns(count)
    wide = max(13, min(52, 1_000 // len(starts)))
    labels = [word_axis.shown(trace.tokens[start].text) for start in starts]
    running, blocks = trace.running_probabilities, _blocks(trace)
    pieces, top = [], _TOP
    if running is not None:
        pieces.append(_prediction(word_axis.thinned(running, count), wide, top, card.family))
        top += _PREDICTION + _GAP
    for name, states in blocks:
        drawn = word_axis.thinned(states, count)
        pieces.append(f'<text x="{_LEFT}" y="{top - 6}">{_text(name)}</text>')
        pieces.append(_states(drawn, wide, top))
        top += _UNIT * drawn.shape[1] + _GAP
    for place, shown in enumerate(labels):
        x, y = _LEFT + wide * (place + 0.5) + 4, top - _GAP + 6
        pieces.append(f'<text transform="translate({x:g} {y}) rotate(-90)" text-anchor="end">{shown}</text>')
    width, height = _LEFT + wide * len(starts) + 12, top - _GAP + _WORDS
    p = _text("P(positive)")
    label = f"{p} ends at {trace.probability:.3f}; hidden states of {card.units} units at {count} words"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(pieces)}</svg>'
    )


def _blocks(trace: Trace) -> list[tuple[str, Array]]:
    """The states that are drawn, units in the order in which they count: the top layer, in both its directions."""
    both = 2 if trace.layers[-1].direction == "backward" else 1
    blocks = []
    for place in range(len(trace.layers) - both, len(trace.layers)):
        layer, order = trace.layers[place], drawn_units(trace, place)
        units = layer.hidden_states.shape[1]
        some = f"{len(order)} of {units}" if len(order) < units else f"{units}"
        direction = f"{layer.direction} " if both > 1 else ""
        blocks.append((f"hidden states, {some} {direction}units", layer.hidden_states[:, order]))
    return blocks


def _prediction(values: Array, wide: int, top: int, family: str) -> str:
    """The running prediction as a line with a point a word."""
    xs = [_LEFT + wide * (place + 0.5) for place in range(len(values))]
    ys = [top + _PREDICTION * (1 - float(value)) for value in values]
    right = _LEFT + wide * len(values)
    colour, dash = LIGHT.families.get(family, LIGHT.muted), _DASHES[FAMILY_DASH.get(family, "solid")]
    marks = "".join(
        f'<line x1="{_LEFT}" x2="{right}" y1="{top + _PREDICTION * (1 - p):g}" y2="{top + _PREDICTION * (1 - p):g}" '
        f'stroke="{LIGHT.line}"{" stroke-dasharray=" + chr(34) + "3 3" + chr(34) if p == 0.5 else ""}/>'
        f'<text x="{_LEFT - 6}" y="{top + _PREDICTION * (1 - p) + 4:g}" text-anchor="end">{p:g}</text>'
        for p in (0, 0.5, 1)
    )
    line = " ".join(f"{x:g},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    points = "".join(
        f'<circle cx="{x:g}" cy="{y:.1f}" r="3.5" fill="{sentiment_colour(2 * float(value) - 1, LIGHT)}" '
        f'stroke="{colour}"/>'
        for x, y, value in zip(xs, ys, values, strict=True)
    )
    middle, p = top + _PREDICTION / 2, _text("P(positive)")
    return (
        f'{marks}<text transform="translate(14 {middle:g}) rotate(-90)" text-anchor="middle">{p}</text>'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>{points}'
    )


def _states(states: Array, wide: int, top: int) -> str:
    """A heatmap of (columns, units) in −1…1: one path a colour, neighbours of one colour in one stroke."""
    levels = np.clip(np.rint(states.T * _LEVELS), -_LEVELS, _LEVELS).astype(int)
    columns = levels.shape[1]
    strokes: dict[int, list[str]] = {}
    for unit, row in enumerate(levels):
        cuts = np.flatnonzero(np.diff(row)) + 1
        for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), columns], strict=True):
            strokes.setdefault(int(row[start]), []).append(f"M{start} {unit}h{end - start}")
    paths = "".join(
        f'<path stroke="{state_colour(level / _LEVELS, LIGHT)}" d="{"".join(drawn)}"/>'
        for level, drawn in sorted(strokes.items())
    )
    return (
        f'<g transform="translate({_LEFT} {top + _UNIT / 2:g}) scale({wide} {_UNIT})" fill="none" '
        f'shape-rendering="crispEdges">{paths}</g>'
    )


def _facts(card: ModelCard) -> str:
    accuracy = "not measured" if card.test_accuracy is None else percent(card.test_accuracy, 1)
    # One published system cuts test reviews of its own.
    tested = recipe(card).test_reviews or 25_000
    directions = "both directions" if card.bidirectional else "one direction"
    layers = counted(card.layers, "layer")
    shown = {
        "Model": f"{card.title} ({card.name})",
        "Network": f"{card.family}, {layers} of {card.units} units, {directions}, {card.parameters:,} parameters",
        "Vocabulary": f"{card.vocabulary:,} words; reads at most {card.max_timesteps:,} of a review",
        f"Accuracy on {tested:,.0f} test reviews": accuracy,
    }
    rows = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in shown.items())
    return f"<table>{rows}</table>"


def _numbers(trace: Trace) -> str:
    running = trace.running_probabilities
    rows = []
    for place, token in enumerate(trace.tokens[:MOST_ROWS]):
        after = "" if running is None else f'<td class="n">{running[place]:.4f}'
        known = "yes" if token.known else "no"
        rows.append(
            f'<tr><td class="n">{place + 1}<td>{html.escape(words.visible(token.text[:60]))}<td>{known}'
            f'<td class="n">{signed(trace.contributions[place], 4)}{after}'
        )
    more = len(trace.tokens) - len(rows)
    note = f"<p>{more:,} more words were read; the app's CSV has them all.</p>" if more else ""
    last = "" if running is None else f'<th class="n">{_text("P(positive)")} after it'
    return (
        f"<p>The contributions and {sentences.beside_words(trace)} ({signed(trace.bias, 4)}) add up to the logit, "
        f"{signed(trace.logit, 4)}.</p>"
        f'<div class="wide"><table><tr><th class="n">word<th>read as<th>in vocabulary<th class="n">contribution{last}'
        f"{''.join(rows)}</table></div>{note}"
    )
