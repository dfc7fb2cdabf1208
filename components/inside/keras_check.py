"""The button that lets TensorFlow read the same review, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from components.session import keys, resources, work
from components.ui.messages import plain
from models.card import ModelCard
from models.foreign import proof
from models.foreign.model import ForeignModel
from models.jobs.keras_check import TIME_LIMIT, Agreement, CheckFailed, Difference, against_tensorflow, installed
from models.sentiment import Trace

_BEFORE = (
    "The pages read networks with a few lines of NumPy, because TensorFlow does not give out gates. Here TensorFlow "
    "itself reads the same review with the saved Keras network, in a process of its own. It takes about ten seconds."
)
_BEFORE_KERAS = (
    "Until now nothing but NumPy has read this file, as data. Here Keras itself opens it, in a process of its own and "
    "with safe_mode=True, and reads the same ids. To Keras a network’s file is more than data: it can be made to run "
    "code. Do this only with a file that you made yourself or whose maker you trust. It takes about ten seconds."
)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WHY = {
    "time": f"TensorFlow gave no answer within {TIME_LIMIT:.0f} seconds. Try again in a minute.",
    "busy": "TensorFlow is reading for somebody else just now. Try again in a few seconds.",
    "failed": "TensorFlow could not read this network here. It may not be installed, or memory may be short. "
    "Everything else on this page works without it.",
    "unopened": "Keras could not open this file, or not read with it: another version may have saved it. What the "
    "pages show does not depend on that.",
    "changed": "The file on the shelf is not the one that was read any more, so Keras is not shown it.",
    "code": "The file names code that is not Keras’s own. The pages never look for it, but Keras might, so it is not "
    "shown the file.",
}


def tensorflow_check(review: str, trace: Trace, card: ModelCard) -> None:
    """Offer the check; show the result for as long as model and review stay the same."""
    if not installed():
        plain(
            "The pages read networks with a few lines of NumPy, because TensorFlow does not give out gates. Where "
            "TensorFlow is installed, as on your own machine, you can let it read the same review here and compare. "
            "This server only serves, and has none.",
            muted=True,
        )
        return
    brought = bool(card.facts.get("brought"))
    plain(_BEFORE_KERAS if brought else _BEFORE, muted=not brought)
    reading = (card.name, str(card.facts.get("files")), review)
    label = "I trust this file: check against TensorFlow" if brought else "Check against TensorFlow"
    st.button(label, icon=":material/fact_check:", key="check", on_click=_ask, args=(reading,))
    # A press counts for the reading beside which it was made, and for no other network that is looked at later.
    if st.session_state.pop(keys.KERAS_ASKED, None) == reading:
        st.session_state.pop(keys.KERAS_RESULT, None)
        reason = ""
        try:
            with st.spinner("TensorFlow is starting and reads the review…", show_time=True):
                found = work.run_here(partial(_reader(trace, card, review), TIME_LIMIT), what="TensorFlow")
        except CheckFailed as error:
            reason = error.reason
        except work.Busy:
            reason = "busy"
        except work.TaskFailed:
            reason = "failed"
        if reason:
            st.warning(_WHY[reason], icon=":material/hourglass_disabled:", title="No answer from TensorFlow")
            return
        st.session_state[keys.KERAS_RESULT] = (reading, found)
    kept = st.session_state.get(keys.KERAS_RESULT)
    if kept is None:
        return
    if kept[0] != reading:
        del st.session_state[keys.KERAS_RESULT]
        return
    _show(kept[1], trace, card)


def verdict(agreement: Agreement) -> str:
    """``The Keras network agrees to 3·10⁻⁷``, or that it does not."""
    if agreement.largest <= 1e-4:
        return f"The Keras network agrees to {scientific(agreement.largest)}."
    return f"The Keras network differs by up to {scientific(agreement.largest)}: please tell us about this review."


def line(difference: Difference) -> str:
    """One quantity's largest difference, in words."""
    apart = f"at most {scientific(difference.largest)} apart" if difference.largest else "the same to the last digit"
    return f"{difference.quantity[0].upper()}{difference.quantity[1:]}: {apart} ({difference.numbers:,} compared)"


def scientific(value: float) -> str:
    """``3·10⁻⁷``, rounded up, so that it is a bound; ``0`` for zero."""
    if value == 0:
        return "0"
    exponent = int(np.floor(np.log10(value)))
    digit = int(np.ceil(value / 10.0**exponent - 1e-9))
    if digit == 10:
        digit, exponent = 1, exponent + 1
    return f"{digit}·10{str(exponent).translate(_SUPERSCRIPT)}"


def _reader(trace: Trace, card: ModelCard, review: str) -> Callable[[float, Callable[[], None]], Agreement]:
    """What lets Keras read, for one of our networks or for one in this visit's memory."""
    model = resources.model(card.name)
    if isinstance(model, ForeignModel):
        return partial(proof.against_tensorflow, model, trace, review)
    return partial(against_tensorflow, trace, card.folder, review)


def _ask(reading: tuple[str, str, str]) -> None:
    st.session_state[keys.KERAS_ASKED] = reading


def _show(agreement: Agreement, trace: Trace, card: ModelCard) -> None:
    with st.container(border=True, key="agreement"):
        st.markdown(f"**{verdict(agreement)}**")
        plain(f"P({card.sides[1]}): {trace.probability:.7f} here, {agreement.probability:.7f} with Keras.")
        for difference in agreement.differences:
            plain(line(difference), muted=True)
        plain(f"TensorFlow needed {agreement.seconds:.1f} seconds for it, after starting.", muted=True)
