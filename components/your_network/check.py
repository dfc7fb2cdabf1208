"""Check against your notebook: the ids and P of a sentence, beside what the notebook printed."""

from __future__ import annotations

import streamlit as st

from components.session import typed
from components.ui.messages import plain
from models.foreign import check
from models.foreign.model import ForeignModel
from models.foreign.words import Words

_SENTENCE = "The film was not as good as I had hoped, but I'd see it again!"


def against_notebook(model: ForeignModel, words: Words) -> None:
    """A sentence's ids, to be compared, and a field for the notebook's ids or its prediction."""
    name = model.card.name
    sentence = typed.read_of(st.text_input("A sentence", _SENTENCE, max_chars=2_000, key=f"{name}-sentence"))
    ids = model.ids(sentence)
    st.code(str(ids), language=None, wrap_lines=True)
    p = float(model.predict([sentence])[0])
    plain(f"P({model.labels[1]}) = {p:.6f}" if p == p else "No word of the sentence reaches the network.", muted=True)
    pasted = st.text_area(
        "The notebook’s ids of this sentence, or its prediction", key=f"{name}-pasted", max_chars=50_000, height=80,
        placeholder="[[0, 0, 14, 22, …]] or 0.8731",
    )  # fmt: skip
    if not pasted.strip():
        return
    try:
        claimed = float(pasted.strip(" []()\n"))
    except ValueError:
        _ids(model, words, sentence, pasted)
        return
    if 0 <= claimed <= 1 and "." in pasted:
        apart = abs(claimed - p)
        plain(
            "The prediction is the same."
            if apart < 1e-4
            else f"The prediction differs by {apart:.4f}: paste the ids, and the page says which setting does it."
        )
    else:
        _ids(model, words, sentence, pasted)


def _ids(model: ForeignModel, words: Words, sentence: str, pasted: str) -> None:
    if check.abbreviated(pasted):
        plain("The notebook printed the list without its middle (…). This prints all of it:")
        st.code("print(ids.tolist())", language="python")
        return
    theirs = check.pasted_ids(pasted)
    if theirs is None:
        plain("There are no ids in what was pasted: whole numbers, as a list or an array.")
        return
    found = check.compare(words, model.preparation, sentence, theirs, len(model.plan.embedding))
    plain(found.sentence)
    if found.changes:
        settings = ", ".join(
            f"{key} = {'(empty)' if value is None else repr(value)}" for key, value in found.changes.items()
        )
        plain(f"It would be the same if {found.meaning}: {settings}.")
    elif not found.same:
        plain("No single setting, nor any two of the usual ones, explains it: is it the same vocabulary file?")
