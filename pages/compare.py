"""One review through several models; an edited review beside the original; the smallest change that flips a verdict."""

import streamlit as st

from components.compare import edit_results, edits, smallest_change
from components.compare import models as comparison
from components.session import handover, inputs, trio
from components.session.frame import end_part, follow_address, page_header
from components.ui import theme
from models.compare.readers import Reader

page_header("Compare", "One review, several networks: where do they part ways, and what would change their minds?")


def compared() -> None:
    """The review, the networks, their verdicts, and the section that was chosen."""
    left, right = st.columns([4, 7], gap="large")
    with left:
        review = inputs.review_box(height=120)
        cards = comparison.models_picker()
    with right:
        readers = comparison.read_all(cards, review)
        if not readers:
            return
        comparison.verdicts(readers)
    section = comparison.section_picker()
    if section == handover.SIDE_BY_SIDE:
        trio.compared(tuple(reader.card.name for reader in readers))
        comparison.readings_side_by_side(readers, theme.palette())
    elif section == handover.WHAT_IF:
        what_if(readers, review)
    else:
        smallest_change.smallest_change(readers, review, theme.palette())


@st.fragment
def what_if(readers: list[Reader], review: str) -> None:
    """The review edited; an edit draws this part of the page alone."""
    edits.begin(review)
    left, right = st.columns([4, 7], gap="large")
    with left:
        edits.controls(readers)
    with right:
        # A model that cannot read any more has said so; the others are compared with themselves.
        originals = {reader.card.name: reader for reader in readers}
        versions = [(originals[reader.card.name], reader) for reader in edits.edited_readers(readers)]
        if versions:
            edit_results.difference(review, edits.edited_text(), versions)
            edit_results.both_readings(versions, theme.palette())
    follow_address()


@st.fragment
def page() -> None:
    """All below the header answers by itself."""
    compared()
    end_part()


page()
