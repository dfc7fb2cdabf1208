"""A visitor's own network: dropped in, set up, checked against the notebook, then read with on every page."""

import streamlit as st

from components.session.frame import end_page, page_header
from components.your_network import check, kept, on_shelf, setup, upload
from components.your_network.recipes import recipes

page_header(
    "Your network", "Drop in a Keras network that you have trained: every page reads with it. Nothing in it is run."
)
kept.networks()
on_shelf.networks()

left, right = st.columns(2, gap="large")
with left:
    st.header("The files", anchor=False)
    files = upload.files()
    if files is not None:
        setup.about(files.plan)
    recipes(expanded=files is None or files.words is None)

with right:
    if files is None or files.words is None:
        st.header("Then", anchor=False)
        upload.what_next(files)
        end_page()
    st.header("How texts were prepared", anchor=False)
    prepared = setup.preparation(files, files.words)
    model = setup.model(files, files.words, prepared) if prepared is not None else None

if model is not None:
    with left:
        st.header("Check against your notebook", anchor=False)
        check.against_notebook(model, files.words)
    with right:
        kept.keep(model)
