"""Many reviews at once: from a file, pasted lines or our own examples; scored, sorted, filtered, downloaded."""

import streamlit as st

from components.batch import panels, text, upload
from components.session.frame import end_page, page_header
from components.ui import theme

page_header("Score many reviews", "Bring a file or paste lines: every review is read by the models you choose.")
colours = theme.palette()

left, right = st.columns([4, 7], gap="large")
with left:
    batch = upload.choose_batch()
    cards = panels.models_picker()
    models = panels.loaded(cards)
    if batch is not None and models:
        panels.score_controls(batch, models)

cards = {name: card for name, card in cards.items() if name in models}
with right:
    if batch is None or not models:
        upload.explain()
        end_page()
    if batch.running:
        # Scoring goes on in a thread of its own; only this part of the page is redrawn meanwhile.
        panels.watch(batch, cards, colours)
        end_page()
    scored = {name: card for name, card in cards.items() if batch.done.get(name, 0) > 0}
    if not scored:
        upload.preview(batch)
        end_page()
    strange = text.unread_language(batch, scored)
    text.spread(batch, scored, colours)

panels.every_review(batch, scored, colours)
if len(scored) > 1:
    text.partings(batch, scored, colours)
text.label_fit(batch, scored, colours, understood=not strange)
