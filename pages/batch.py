"""Many reviews at once: from a file, pasted lines or our own examples; scored, sorted, filtered, downloaded."""

import streamlit as st

from components.batch import panels as batch_views
from components.batch import text as batch_findings
from components.batch import upload as uploads
from components.session.frame import end_page, page_header
from components.ui import theme

page_header("Score many reviews", "Bring a file or paste lines: every review is read by the models you choose.")
colours = theme.palette()

left, right = st.columns([4, 7], gap="large")
with left:
    batch = uploads.choose_batch()
    cards = batch_views.models_picker()
    models = batch_views.loaded(cards)
    if batch is not None and models:
        batch_views.score_controls(batch, models)

cards = {name: card for name, card in cards.items() if name in models}
with right:
    if batch is None or not models:
        uploads.explain()
        end_page()
    if batch.running:
        # Scoring goes on in a thread of its own; only this part of the page is redrawn meanwhile.
        batch_views.watch(batch, cards, colours)
        end_page()
    scored = {name: card for name, card in cards.items() if batch.done.get(name, 0) > 0}
    if not scored:
        uploads.preview(batch)
        end_page()
    strange = batch_findings.unread_language(batch, scored)
    batch_findings.spread(batch, scored, colours)

batch_views.every_review(batch, scored, colours)
if len(scored) > 1:
    batch_findings.partings(batch, scored, colours)
batch_findings.label_fit(batch, scored, colours, understood=not strange)
