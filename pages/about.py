"""What this is, which models read here, what they cannot do, and what happens to what you type."""

import streamlit as st

from components.about import cards
from components.session import resources
from components.session.frame import page_header
from components.ui.messages import damaged_file

page_header("About", "Which networks read here, how good they are, and what happens to what you type.")

shelf = resources.shelf_cards()

st.markdown(
    "Unrolled shows three classic recurrent networks, **SimpleRNN**, **LSTM** and **GRU**, at work on a film review of "
    "your choice. Nothing is staged: the hidden states, gates and predictions are computed from the trained weights "
    "while you wait, with the equations that a textbook gives."
)

st.header("The models", anchor=False)
for error in resources.damaged():
    damaged_file(error, "It is not on this page.")
cards.show_models_table(shelf)
names = {card.name: card for card in shelf}
if names:
    chosen = st.pills(
        "Model card", list(names), format_func=lambda name: names[name].title, required=True, default=next(iter(names)),
        key="about_card", wrap=True,
    )  # fmt: skip
    with st.container(border=True):
        cards.show_card(names[chosen])

left, right = st.columns(2, gap="large")
with left:
    st.header("What they cannot do", anchor=False)
    st.markdown(
        "- They know the words of English film reviews written up to 2011. A word they never met is read as *out of "
        "vocabulary*, and boxed where you see it.\n"
        "- They do not know the film, the actors or the world. They learnt which words, in which order, come with a "
        "high or a low rating.\n"
        "- Sarcasm, piled-up negations and comparisons often fool them. The examples show it.\n"
        "- P(positive) is a share of reviews, not a certainty about yours: of reviews scored 0.8, about 80 % were "
        "positive. Lukewarm reviews were never part of the data.\n"
        "- A word's credit contains all that the network still remembered when it read the word. It is no claim about "
        "the word alone."
    )
with right:
    st.header("What happens to what you type", anchor=False)
    st.markdown(
        "It stays in the memory of this server for as long as your visit lasts, and is read there by the networks. It "
        "is never written to a disk, never logged and never sent to anybody else. Your browser's tab keeps it, for a "
        "reload and for *Back*, until you close the tab. *Share* puts a text of your own into the link that it shows, "
        "unless you choose *Left out*; nothing is sent, you copy the link. No usage statistics are gathered."
    )
    st.header("Credits", anchor=False)
    st.markdown(
        "**Data.** A. L. Maas, R. E. Daly, P. T. Pham, D. Huang, A. Y. Ng, C. Potts: *Learning Word Vectors for "
        "Sentiment Analysis*, ACL 2011 (the Large Movie Review Dataset).\n\n"
        "**Cells.** J. L. Elman: *Finding Structure in Time*, 1990. S. Hochreiter, J. Schmidhuber: *Long Short-Term "
        "Memory*, 1997. K. Cho et al.: *Learning Phrase Representations using RNN Encoder–Decoder*, 2014.\n\n"
        "**Made with** TensorFlow and Keras (training), NumPy (reading), Streamlit, Plotly and pandas."
    )
