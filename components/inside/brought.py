"""What cannot exist for a network that somebody brought, said in its panel in one line."""

from __future__ import annotations

from components.session import resources
from components.ui.messages import plain
from models.card import ModelCard
from models.foreign.model import ForeignModel
from models.jobs.training_job import allowed
from models.sentiment import Trace

_ALL = {
    "ids": "Its words and ids are on “Your network”, to be compared with the notebook’s.",
    "habits": "What its states do on many reviews was never measured: that needs the reviews it was trained for.",
    "growth": "How it grew cannot be shown: its file holds the network at the end of training alone.",
    "proof": "TensorFlow is not let near a file that somebody brought; compare a prediction on “Your network” instead.",
}
_GENERAL = {
    "gradients": "This needs gradients, which are worked out for layers and padding like those of our own networks.",
    "arithmetic": "The arithmetic is spelt out for the usual cells, with layers and padding like those of our own.",
    "clamp": "Units can be held in networks with layers and padding like those of our own.",
}


def why_not_running(trace: Trace) -> str:
    """Why there is no prediction after every word."""
    if any(layer.direction == "backward" for layer in trace.layers):
        return (
            "This network reads from both ends, so it has no prediction before the last word. Forward states know the "
            "words to their left, backward states the words to their right."
        )
    return "This network also reads the padding behind the words, so it has no prediction before it has read that."


def offered(card: ModelCard, what: str) -> bool:
    """Whether a panel can be shown for this model; if not, it says why in its place."""
    if not card.facts.get("brought"):
        return True
    if what == "proof" and allowed():
        return True  # it asks first: components/inside/keras_check.py
    model = resources.model(card.name)
    why = _ALL.get(what)
    if why is None and isinstance(model, ForeignModel) and not model.exact:
        why = _GENERAL.get(what)
    if why is not None:
        plain(why, muted=True)
    return why is None
