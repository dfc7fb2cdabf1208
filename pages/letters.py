"""A network small enough for the blackboard: it learns to spell one word, and every number of it is on the screen."""

import streamlit as st

from components.letters import controls, text
from components.letters.board import board
from components.letters.kinds import kinds
from components.letters.long_words import long_words
from components.session import keys, presenter
from components.session.frame import end_page, page_header
from components.ui import theme
from components.ui.messages import plain
from components.ui.stage import presented

page_header(
    "From “hello” to a sentence",
    "A recurrent network small enough for the blackboard: it reads a letter and says the next one.",
)
colours = theme.palette()

controls.begin()
word = controls.word_box()
if word is None:
    end_page()
run = controls.network(word)
controls.sync_address(run)
controls.training(run)
plain(text.progress(run, word))
if remembered := text.remembers(run, word):
    plain(remembered)
if (wrong := text.trouble(run)) is not None:
    st.warning(wrong[1], title=wrong[0], icon=":material/trending_up:")
with st.container(border=True), presented(presenter.active()):
    board(run, word, colours, keys.LETTERS_BOARD, controls.learn_on)

with st.expander("Why long words are hard", key="long-words-section", on_change="rerun") as section:
    if section.open:
        long_words(run, word, colours)

with st.expander("What sequences can be", key="kinds-section", on_change="rerun") as section:
    if section.open:
        kinds(run, word, colours)

controls.to_inside(run)
