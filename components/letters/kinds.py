"""What sequences can be: one to one, one to many, many to one, many to many, each at work on the visitor's word."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

import streamlit as st

from components.letters import diagrams
from components.letters.board import shown
from components.session import keys
from components.session.kept import last_made
from components.ui import styles
from components.ui.format import counted
from components.ui.html_table import html_table
from components.ui.messages import escaped, plain, plain_html
from components.ui.theme import Palette
from models.letters import network, sequences
from models.letters.training import TO_THE_END, Run
from models.letters.word import Word, characters, is_vowel

_UPDATES = 300  # at most, for the small tasks
_GREETINGS, _FAREWELLS = (" ".join(words) for words in sequences.CLASSES)


def kinds(run: Run, word: Word, colours: Palette) -> None:
    """The four diagrams, and the chosen kind at work."""
    styled()
    above = st.container()
    chosen = (
        st.segmented_control(
            "Kind of sequence",
            list(diagrams.KINDS),
            default="one to many",
            format_func=str.capitalize,
            key=keys.LETTERS_KIND,
            required=True,
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        or "one to many"
    )
    above.html(diagrams.cards(chosen, colours))
    st.html(f'<h3 class="u-title">{diagrams.KINDS[chosen].title}</h3>')
    at_work = {
        "one to one": without_memory,
        "one to many": _one_to_many,
        "many to one": _many_to_one,
        "many to many": _many_to_many,
    }
    at_work[chosen](run, word)


def styled() -> None:
    """Put the style sheet of these panels into the page."""
    st.html(styles.tag("letters/letters.css"))


def without_memory(run: Run, word: Word) -> None:
    """One to one: every letter is read with an empty state."""
    alone = _taught("one to one", word.characters, run, lambda: sequences.one_to_one(run.settings, word))
    best = sequences.best_alone(word)
    rows = []
    for letter, follows in best.items():
        p = network.forward(run.settings.cell, alone.weights, (letter,)).probabilities[0]
        bars = " ".join(f"{letter_html(word.vocabulary[right])} {_bar(p[right])}" for right in follows)
        rows.append(f"<tr><td>{letter_html(word.vocabulary[letter])}</td><td>{bars}</td></tr>")
    torn = [letter for letter, follows in best.items() if len(follows) > 1]
    plain(
        f"Every letter is read with an empty state. After “{shown(word.vocabulary[torn[0]])}” more than one letter can "
        f"follow in this word, and nothing tells it which: it can only say how often each does. With a state it can "
        "know, see above."
        if torn
        else "Every letter is read with an empty state. In this word no letter is followed by two different ones, so "
        "no memory is needed. In “hello” it is."
    )
    html_table(("read", "P of what can follow"), rows, "The next letter without memory", snug=True)


def _one_to_many(run: Run, word: Word) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        first = st.selectbox(
            "First letter",
            range(len(word.vocabulary)),
            format_func=lambda letter: shown(word.vocabulary[letter]),
            key=f"letters-first/{word.text}",
            persist_state="session",
            width=150,
        )
        temperature = st.slider(
            "Temperature", 0.0, 3.0, 1.0, 0.1, key="letters-temperature", persist_state="session", width=220,
            help="The logits are divided by it before the softmax. 0 always takes the most probable letter; large ones "
            "make all letters alike.",
        )  # fmt: skip
        seed = st.number_input(
            "Seed of the drawing", 1, 9_999, 1, key="letters-writing-seed", persist_state="session", width=170
        )
    count = max(1, len(word.characters) - 1)
    written, chances = sequences.write_on(run, int(first), count, float(temperature), int(seed))
    letters = [shown(word.vocabulary[letter]) for letter in written]
    begun = shown(word.vocabulary[int(first)])
    st.html(f'<p class="l-written"><b>{escaped(begun)}</b>{escaped("".join(letters))}</p>')
    if not run.updates:
        plain("It has learnt nothing yet, so it writes at random: let it learn above.")
    elif (int(first), *written) == word.ids:
        plain("It reads its own last letter every time, and it wrote the word.")
    else:
        plain(
            "It reads its own last letter every time. This is not the word: another first letter, or one improbable "
            "letter drawn, and it goes on from there."
        )
    _strip(
        "The letters written, with the P each was drawn with",
        [(word.vocabulary[letter], "", float(p[letter])) for letter, p in zip(written, chances, strict=True)],
    )


def _many_to_one(run: Run, word: Word) -> None:
    left, right = st.columns(2)
    first = left.text_input(
        "Words of class A", _GREETINGS, max_chars=200, key=keys.LETTERS_CLASSES[0], persist_state="session"
    )
    second = right.text_input(
        "Words of class B", _FAREWELLS, max_chars=200, key=keys.LETTERS_CLASSES[1], persist_state="session"
    )
    words = [_words(text or "") for text in (first, second)]
    if (problem := _unfit_classes(words)) is not None:
        st.info(problem, icon=":material/abc:", title="Not two classes yet")
        return
    found = sequences.classes(words)
    judge = _taught("many to one", found, run, lambda: sequences.many_to_one(run.settings, found))
    text = st.text_input(
        "A word to judge", word.text, max_chars=60, key=f"letters-judged/{word.text}", persist_state="session"
    )
    known, unknown = found.ids(characters(text or "")[:24])
    if not known:
        st.info(
            "None of its letters occurs in the words above, so there is nothing to read.",
            icon=":material/abc:",
            title="No letter it knows",
        )
        return
    p = network.forward(run.settings.cell, judge.weights, known).probabilities[:, 0]
    verdict = "A" if p[-1] >= 0.5 else "B"
    skipped = f" Not in its vocabulary, so left out: {', '.join(map(shown, unknown))}." if unknown else ""
    taught = "" if judge.learnt else " It has not learnt the two classes well."
    plain(
        f"It learnt from {counted(sum(map(len, found.words)), 'word')} in {counted(judge.updates, 'update')}, asked "
        f"after the last letter only. Its verdict: class {verdict}, P(A) = {p[-1]:.2f}.{skipped}{taught}"
    )
    _strip(
        "P(A) after every letter, as if the word ended there",
        [(found.vocabulary[letter], "", float(chance)) for letter, chance in zip(known, p, strict=True)],
    )


def _many_to_many(run: Run, word: Word) -> None:
    tagger = _taught("many to many", word.characters, run, lambda: sequences.many_to_many(run.settings, word))
    p = network.forward(run.settings.cell, tagger.weights, word.ids).probabilities[:, 0]
    right = [(chance >= 0.5) == is_vowel(letter) for letter, chance in zip(word.characters, p, strict=True)]
    plain(
        f"After {counted(tagger.updates, 'update')} it labels {sum(right)} of {counted(len(right), 'letter')} rightly. "
        "A label comes out at every step, as in tagging the words of a sentence."
    )
    _strip(
        "P(vowel) at every letter, and the label",
        [
            (letter, f"{sequences.VOWEL if chance >= 0.5 else sequences.OTHER} {'✓' if fits else '✗'}", float(chance))
            for letter, chance, fits in zip(word.characters, p, right, strict=True)
        ],
    )


def _words(text: str) -> list[tuple[str, ...]]:
    """The words of a line, each as its characters."""
    return [found for one in re.split(r"[\s,;]+", text) if (found := characters(one))]


def _unfit_classes(words: list[list[tuple[str, ...]]]) -> str | None:
    """What is wrong with the classes, kindly; None if they can be learnt."""
    most, longest = sequences.MOST_WORDS, sequences.MOST_LETTERS
    if not all(words):
        return "Write at least one word for each class, with spaces between them."
    if any(len(members) > most for members in words) or any(len(one) > longest for members in words for one in members):
        return f"At most {most} words a class, and {longest} letters a word: it learns while you wait."
    if set(words[0]) & set(words[1]):
        return "A word stands in both classes, so it cannot be learnt. Take it out of one."
    return None


def _taught(kind: str, content: Hashable, run: Run, make: Callable[[], Run]) -> Run:
    return taught(kind, (content, run.settings), make, _UPDATES)


def taught(kind: str, asked: Hashable, make: Callable[[], Run], most: int = TO_THE_END) -> Run:
    """A network that has learnt what is asked, in so many updates at most; the last one of a kind is kept."""

    def made() -> Run:
        run = make()
        run.to_the_end(most)
        return run

    return last_made(f"{keys.LETTERS_TASKS}/{kind}", asked, made)


def _strip(label: str, steps: Sequence[tuple[str, str, float]]) -> None:
    """One column a timestep: the letter, what is said of it, and a probability as a bar."""
    columns = "".join(
        f'<li>{letter_html(letter)}<i style="--p:{100 * p:.1f}%" aria-hidden="true"></i><b>{p:.2f}</b>'
        f"{f'<small>{note}</small>' if note else ''}</li>"
        for letter, note, p in steps
    )
    st.html(f'{plain_html(label, muted=True)}<ol class="l-strip">{columns}</ol>')


def letter_html(letter: str) -> str:
    """A letter as it stands in tables and strips, escaped."""
    return f'<span class="l-letter">{escaped(shown(letter))}</span>'


def _bar(p: float) -> str:
    return f'<span class="l-p"><i style="--p:{100 * p:.1f}%" aria-hidden="true"></i>{p:.2f}</span>'
