"""Where else does this unit do that: the units that are high over a stretch of words, and where else they are."""

from __future__ import annotations

import html
from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from components.session import keys, resources, work
from components.ui import styles, words
from components.ui.format import counted
from components.ui.panel import heading
from components.ui.sentences import quoted_span
from models.card import ModelCard
from models.compare.own_texts import own_texts
from models.explain.search import Corpus, Place, best_threshold, high_units, places, stepped
from models.explain.view import View
from models.jobs import tasks
from models.wording import listed

Array = np.ndarray
_SHOWN, _AROUND = 12, 55  # places, and characters on each side of one
_NAMED = 6  # units, and words


def elsewhere(view: View, card: ModelCard, start: int, stop: int) -> None:
    """The units that are high over words ``start … stop − 1`` and beside it low, and where else the same are high."""
    states = stepped(view.layer.hidden_states)
    key = f"lab-threshold/{card.name}/{view.place}/{len(states)}/{start}/{stop}"
    if key not in st.session_state:
        st.session_state[key] = best_threshold(states, start, stop)
    st.space("small")
    threshold = float(
        st.slider("High means: a hidden state of at least", 0.1, 0.9, step=0.1, key=key, help="Over the whole span.")
    )
    units = high_units(states, start, stop, threshold)
    if not len(units):
        heading("Where else does this unit do that?", about_none(view, start, stop, threshold), key="lab-elsewhere")
        return
    named = about_units(view, units, start, stop, threshold)
    corpus = _corpus(view, card, named)
    if corpus is None:
        return
    least = len(units) if len(units) <= 2 else -(-2 * len(units) // 3)
    mine = "".join(word.text.lower() for word in view.trace.tokens)
    found = [
        place
        for place in places(corpus, units, threshold, least, stop - start)
        if mine != "".join(_words(corpus, Place(place.text, 0, _length(corpus, place.text), 0))).lower()
    ]
    heading(
        "Where else does this unit do that?",
        f"{named} {about_places(corpus, found, len(units), least)}",
        key="lab-elsewhere",
        table=lambda: table(corpus, found),
    )
    if found:
        one_a_text: dict[int, Place] = {}
        for place in found:
            one_a_text.setdefault(place.text, place)
        items = "".join(
            f"<li>{place_html(corpus, place, len(units))}</li>" for place in list(one_a_text.values())[:_SHOWN]
        )
        st.html(f'{styles.tag("inside/elsewhere.css")}<ol class="u-places">{items}</ol>')


def about_none(view: View, start: int, stop: int, threshold: float) -> str:
    """That no unit is high over the span and low beside it, and what to try."""
    return (
        f"No unit is at least {threshold:.1f} at every word of {quoted_span(view.trace.tokens[start:stop])} and lower "
        "just before and after. Lower the threshold, or make the span shorter."
    )


def about_units(view: View, units: Array, start: int, stop: int, threshold: float) -> str:
    """Which units mark the span."""
    names = [str(unit) for unit in units[:_NAMED]]
    more = len(units) - len(names)
    which = listed(names) if not more else f"{', '.join(names)} and {more} more"
    one = len(units) == 1
    return (
        f"{'Unit' if one else 'Units'} {which} {'is' if one else 'are'} at least {threshold:.1f} at every word of "
        f"{quoted_span(view.trace.tokens[start:stop])}, and lower just before and after."
    )


def about_places(corpus: Corpus, found: list[Place], units: int, least: int) -> str:
    """At how many places they are high together again, and at which words most often."""
    texts = f"our {len(corpus.texts):,} own texts"
    if not found:
        return f"Nowhere in {texts} are they high together."
    whole = sum(place.units == units for place in found)
    common = Counter(word.lower() for place in found for word in _words(corpus, place)).most_common(3)
    named = listed([f"“{word}” ({times:,} ×)" for word, times in common])
    if units == 1:
        together = f"In {texts} it is so high again at {counted(len(found), 'place')}"
    elif least == units:
        together = f"In {texts} both are high again at {counted(len(found), 'place')}"
    else:
        together = (
            f"In {texts} at least {least} of the {units} are high again at {counted(len(found), 'place')}, "
            f"all of them at {whole:,}"
        )
    return f"{together}; most often at {named}."


def place_html(corpus: Corpus, place: Place, units: int) -> str:
    """A place with the words around it, escaped, and what kind of text it stands in."""
    text, first = corpus.texts[place.text], corpus.starts[place.text]
    begin, end = int(corpus.spans[first + place.start, 0]), int(corpus.spans[first + place.stop - 1, 1])
    before, after = text[max(0, begin - _AROUND) : begin], text[end : end + _AROUND]
    if begin > _AROUND:
        before = "… " + before.partition(" ")[2]
    if end + _AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    what = own_texts().get(text, "")
    number = f"{place.units} of {units}, " if units > 1 else ""
    shown = (html.escape(words.visible(part)) for part in (before, text[begin:end], after))
    return "{}<mark>{}</mark>{} <small>{}</small>".format(*shown, html.escape(f"{number}{what}"))


def table(corpus: Corpus, found: list[Place]) -> pd.DataFrame:
    """One row a place."""
    return pd.DataFrame(
        {
            "text": [corpus.texts[place.text] for place in found],
            "what": [own_texts().get(corpus.texts[place.text], "") for place in found],
            "first_word": [place.start + 1 for place in found],
            "last_word": [place.stop for place in found],
            "words": [" ".join(_words(corpus, place)) for place in found],
            "units_high": [place.units for place in found],
        }
    )


def _corpus(view: View, card: ModelCard, named: str) -> Corpus | None:
    """What this layer did over our texts; read by a worker when it is asked for, and kept."""
    asked = st.session_state.setdefault(keys.SEARCHED, {})
    key = (str(resources.shelf()), card.name, view.place)
    if key not in asked:
        heading("Where else does this unit do that?", named, key="lab-elsewhere")
        st.button(
            f"Look through our {len(own_texts()):,} own texts",
            key="lab-look",
            icon=":material/search:",
            on_click=asked.__setitem__,
            args=(key, None),
        )
        return None
    model = resources.model(card.name)

    def read() -> Corpus:
        fresh: Corpus = work.run("own_texts", tasks.named(model), view.place, what="Our own texts")
        return fresh

    try:
        if not card.facts.get("brought"):
            found: Corpus = resources.searched_texts(card, view.place, read)
            return found
        if asked[key] is None:  # what a visitor's network did stays with the visit, the last layer of it
            for other in asked:
                asked[other] = None
            asked[key] = read()
        kept: Corpus = asked[key]
        return kept
    except (work.Busy, work.TaskFailed) as error:
        work.say_no_answer(error)
    asked.pop(key, None)
    return None


def _words(corpus: Corpus, place: Place) -> list[str]:
    first, text = corpus.starts[place.text], corpus.texts[place.text]
    return [text[start:end] for start, end in corpus.spans[first + place.start : first + place.stop]]


def _length(corpus: Corpus, text: int) -> int:
    return int(corpus.starts[text + 1] - corpus.starts[text])
