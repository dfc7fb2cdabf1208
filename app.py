"""Unrolled: watch a recurrent network read a review."""

import streamlit as st

from components import shell

st.set_page_config(page_title="Unrolled", page_icon="static/icon.png", layout="wide")
shell.run()
