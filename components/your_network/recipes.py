"""How to save what the page needs, for the six usual ways in which tutorials build such a network."""

from __future__ import annotations

import streamlit as st

RECIPES = {
    "Tokenizer and pad_sequences": (
        'model.save("my_network.keras")\n'
        'open("tokenizer.json", "w").write(tokenizer.to_json())\n'
        "# here: maxlen, padding and truncating as you gave them to pad_sequences"
    ),
    "Keras’s IMDB reviews (imdb.load_data)": (
        'import json, keras\nmodel.save("my_network.keras")\n'
        "index = keras.datasets.imdb.get_word_index()\n"
        'json.dump(index, open("imdb_word_index.json", "w"))\n'
        "# here: num_words as in load_data, maxlen as in pad_sequences\n"
        "# the ids of a sentence, for the check here:\n"
        "places = [index.get(word, num_words) + 3 for word in sentence.lower().split()]\n"
        "print([1] + [place if place < num_words else 2 for place in places])"
    ),
    "TextVectorization inside the network": 'model.save("my_network.keras")  # nothing else is needed',
    "TextVectorization in front of it": (
        'import json\nmodel.save("my_network.keras")\n'
        'json.dump(vectorize.get_vocabulary(), open("words.json", "w"))\n'
        "# here: maxlen is output_sequence_length"
    ),
    "A dictionary of your own": (
        'import json\nmodel.save("my_network.keras")\n'
        'json.dump(word_index, open("word_index.json", "w"))\n'
        "# here: the id of unknown words, and how you split and filtered"
    ),
    "An old .h5 file": (
        '# the file of model.save("model.h5") opens as it is; weights alone do not:\n'
        'model = build_model(); model.load_weights("weights.h5"); model.save("my_network.keras")'
    ),
}


def recipes(expanded: bool) -> None:
    """Six short pieces of Python, one a way of building."""
    with st.expander("How to save what is needed here", icon=":material/code:", expanded=expanded):
        for name, code in RECIPES.items():
            st.markdown(f"**{name}**")
            st.code(code, language="python", wrap_lines=True)
