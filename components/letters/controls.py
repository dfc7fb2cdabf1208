"""What visitors of Letters set, and the network that learns with it.

The address carries ``?cell=``, ``?units=``, ``?seed=`` and ``?updates=`` (and ``?rate=``, ``?clip=`` where they are not
the usual ones), so that a link opens the same network as far as it had come. ``?word=`` is written for our own words
only; a visitor's word is in a link if somebody chose so (see ``components/session/share.py``).
"""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from components.letters.text import unfit
from components.session import address, handover, keys, links, presenter, resources
from models.letters.network import CELLS
from models.letters.training import CLIPS, MOST_SEED, RATES, TO_THE_END, UNITS, Run, Settings, spell
from models.letters.word import WORDS, UnfitWord, Word, word_of

_DEFAULTS = Settings()


def begin() -> None:
    """Set what a visit opens with: what the link says, as far as it can be, and the usual for the rest."""
    state = st.session_state
    if keys.LETTERS_UNITS in state:
        return
    text = (_asked(keys.LETTERS_WORD) or state.get(keys.LETTERS_WORD) or WORDS[0])[:200]
    state[keys.LETTERS_WORD] = text
    state[keys.LETTERS_EXAMPLE] = text if text in WORDS else None
    cell = _asked(keys.LETTERS_CELL)
    if state.get(keys.LETTERS_CELL) not in CELLS:  # another page may have asked for one
        state[keys.LETTERS_CELL] = cell if cell in CELLS else _DEFAULTS.cell
    units = links.whole_number(_asked(keys.LETTERS_UNITS), max(UNITS))
    state[keys.LETTERS_UNITS] = units if units in UNITS else _DEFAULTS.units
    state[keys.LETTERS_SEED] = links.whole_number(_asked(keys.LETTERS_SEED), MOST_SEED) or _DEFAULTS.seed
    rates, clips = {_formatted(rate): rate for rate in RATES}, {_formatted(clip): clip for clip in CLIPS}
    state[keys.LETTERS_RATE] = rates.get(_asked(keys.LETTERS_RATE), _DEFAULTS.rate)
    state[keys.LETTERS_CLIP] = clips.get(_asked(keys.LETTERS_CLIP), _DEFAULTS.clip)
    updates = links.whole_number(_asked(keys.LETTERS_UPDATES), TO_THE_END)
    try:
        run = network(word_of(text))
    except UnfitWord:
        return
    run.update(updates or 0)


def word_box() -> Word | None:
    """The word to learn and all that is set; None, with a kind line, if it cannot be one."""
    with presenter.folded("The word and the network"):
        st.pills(
            "Words",
            WORDS,
            key=keys.LETTERS_EXAMPLE,
            on_change=_use_example,
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        text = _settings_row()
    return fit_word(text)


def fit_word(text: str) -> Word | None:
    """A word that can be learnt; None, with a kind line, where this one cannot."""
    try:
        return word_of(text)
    except UnfitWord as error:
        title, line = unfit(error)
        st.info(line, title=title, icon=":material/abc:")
        return None


def settings() -> Settings:
    """The network and how it is taught, as they are set."""
    state = st.session_state
    return Settings(
        state[keys.LETTERS_CELL],
        int(state[keys.LETTERS_UNITS]),
        int(state[keys.LETTERS_SEED] or _DEFAULTS.seed),
        float(state[keys.LETTERS_RATE]),
        state[keys.LETTERS_CLIP],
    )


def network(word: Word) -> Run:
    """The network of this visit: the one that was there, or a new one if word, cell, units or seed changed."""
    wanted = settings()
    kept: Run | None = st.session_state.get(keys.LETTERS_RUN)
    if kept is None or not _same(kept, wanted, word):
        kept = st.session_state[keys.LETTERS_RUN] = spell(wanted, word)
    kept.settings = wanted  # learning rate and clipping may change on the way
    return kept


def training(run: Run) -> None:
    """One update, ten, to the end; start over."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("One update", key="letters-go-one", on_click=run.update, shortcut="Alt+1")
        st.button("Ten updates", key="letters-go-ten", on_click=run.update, args=(10,), shortcut="Alt+2")
        st.button(
            "To the end",
            key="letters-go-end",
            on_click=run.to_the_end,
            type="primary",
            icon=":material/fast_forward:",
            shortcut="Alt+E",
            disabled=run.learnt,
        )
        st.button(
            "Start over",
            key="letters-go-over",
            on_click=_start_over,
            icon=":material/replay:",
            disabled=not run.updates,
        )
        st.button("Another seed", key="letters-go-seed", on_click=_another_seed, icon=":material/casino:")


def to_inside(run: Run) -> None:
    """The way to the same cell with words instead of letters."""
    cell = run.settings.cell
    model = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru"}[cell]
    if model not in {card.name for card in resources.shelf_cards()}:
        return
    st.button(
        f"The {cell} on Read does the same with words and 128 units: see its arithmetic",
        key="letters-to-inside",
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=handover.open_arithmetic,
        args=(model,),
    )


def learn_on() -> None:
    """Take the weights that a visitor set by hand on the board."""
    run: Run | None = st.session_state.get(keys.LETTERS_RUN)
    given = (st.session_state.get(keys.LETTERS_BOARD) or {}).get("weights")
    if run is None or not isinstance(given, list):
        return
    try:
        run.set_weights([float(weight) for weight in given])
    except (TypeError, ValueError):
        return  # of another network: the page has changed since


def sync_address(run: Run) -> None:
    """Keep the address in step with what is shown."""
    for field in fields(Settings):  # each stands in the address under its own name
        value = getattr(run.settings, field.name)
        address.write(field.name, None if value == field.default else _formatted(value))
    word = st.session_state[keys.LETTERS_WORD]
    own_or_asked = word in WORDS[1:] or word == _asked(keys.LETTERS_WORD)
    address.write(_in_address(keys.LETTERS_WORD), word if own_or_asked else None)
    address.write(_in_address(keys.LETTERS_UPDATES), str(run.updates) if 0 < run.updates <= TO_THE_END else None)


def _settings_row() -> str:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        text = st.text_input(
            "A word or a short phrase",
            key=keys.LETTERS_WORD,
            max_chars=200,
            on_change=_own_word,
            persist_state="session",
            width=230,
            help="At most 24 characters of any script; an emoji is one. The network learns to say the next one.",
        )
        st.segmented_control(
            "Cell", CELLS, key=keys.LETTERS_CELL, required=True, persist_state="session", width="content"
        )
        st.select_slider("Units", list(UNITS), key=keys.LETTERS_UNITS, persist_state="session", width=150)
        st.number_input(
            "Seed", 1, MOST_SEED, key=keys.LETTERS_SEED, persist_state="session", width=120,
            help="The first weights are drawn with it: the same seed, the same network.",
        )  # fmt: skip
        st.select_slider(
            "Learning rate", RATES, key=keys.LETTERS_RATE, persist_state="session", width=150,
            help="New weight = weight − learning rate · gradient.",
        )  # fmt: skip
        st.select_slider(
            "Clip gradients to", CLIPS, key=keys.LETTERS_CLIP, persist_state="session", width=150,
            format_func=lambda clip: "off" if clip is None else f"{clip:g}",
            help="A gradient of all weights that is longer is shortened to this length.",
        )  # fmt: skip
    return text


def _same(run: Run, wanted: Settings, word: Word) -> bool:
    had = run.settings
    alike = (had.cell, had.units, had.seed) == (wanted.cell, wanted.units, wanted.seed)
    return alike and run.spells == word.characters


def _start_over() -> None:
    st.session_state.pop(keys.LETTERS_RUN, None)


def _another_seed() -> None:
    seed = int(st.session_state.get(keys.LETTERS_SEED) or 0)
    st.session_state[keys.LETTERS_SEED] = seed % MOST_SEED + 1


def _use_example() -> None:
    if st.session_state[keys.LETTERS_EXAMPLE] is not None:
        st.session_state[keys.LETTERS_WORD] = st.session_state[keys.LETTERS_EXAMPLE]


def _own_word() -> None:
    word = st.session_state[keys.LETTERS_WORD]
    st.session_state[keys.LETTERS_EXAMPLE] = word if word in WORDS else None


def _in_address(key: str) -> str:
    return key.removeprefix("letters_")


def _asked(key: str) -> str:
    return st.query_params.get(_in_address(key), "")


def _formatted(value: str | float | None) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "off" if value is None else str(value)
