"""A lesson, step by step: choosing it, its sentence, what the class is told and asked, and the way on.

The address carries ``?lesson=`` and ``?step=``, so a teacher can link to a step. Each lesson has a sentence of its own
to begin with; what is typed instead stays for the visit, and the review of the other pages is left alone.
"""

from __future__ import annotations

import zlib
from itertools import islice

import numpy as np
import streamlit as st

from components.compare import models as comparison
from components.lessons.board import Board, Lesson, Step
from components.lessons.plans import BY_NAME, LESSONS
from components.lessons.spelling import Spelling
from components.letters.controls import fit_word
from components.session import address, keys, links, presenter, resources, typed
from components.ui.messages import escaped, plain
from models.card import TRIO
from models.question import Question
from models.sentiment import Trace
from models.text import spans

_JUST_SHOW = "Just show it"
_LONGEST = 400  # words; a lesson is about a sentence, and its pictures are drawn again at every click


def choose() -> Lesson:
    """Which lesson; the first one, or the one in the address."""
    if st.session_state.get(keys.LESSON) not in BY_NAME:
        asked = st.query_params.get(keys.LESSON, "")
        lesson = BY_NAME.get(asked, LESSONS[0])
        st.session_state[keys.LESSON] = lesson.name
        at = links.whole_number(st.query_params.get(keys.LESSON_STEP, ""), len(lesson.steps))
        st.session_state[_step_key(lesson)] = (at or 1) - 1 if asked in BY_NAME else 0
    name = st.pills(
        "Lesson",
        list(BY_NAME),
        format_func=lambda name: BY_NAME[name].title,
        key=keys.LESSON,
        required=True,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    lesson = BY_NAME[name or LESSONS[0].name]
    as_it_opens = lesson is LESSONS[0] and place(lesson) == 0
    address.write(keys.LESSON, None if as_it_opens else lesson.name)
    address.write(keys.LESSON_STEP, None if as_it_opens else str(place(lesson) + 1))
    return lesson


def place(lesson: Lesson) -> int:
    """Which step of the lesson the visitor is at, 0-based."""
    return min(int(st.session_state.get(_step_key(lesson), 0)), len(lesson.steps) - 1)


def board(lesson: Lesson, step: Step) -> Board | Spelling | None:
    """What the lesson is about: the sentence, its readings and the chosen word, or the word that is learnt.

    None, with a message, if there is nothing to show.
    """
    with presenter.folded("The word" if lesson.spells else "The sentence"):
        sentence = _sentence(lesson)
    if lesson.spells:
        word = fit_word(sentence)
        return None if word is None else Spelling(word)
    cards = {card.name: card for card in resources.shelf_cards()}
    missing = [name for name in lesson.compares if name not in cards]
    if missing:
        st.info(
            f"This lesson compares {', '.join(lesson.compares)}. Not on this shelf, or out of order: "
            f"{', '.join(missing)}.",
            icon=":material/school:",
            title="A network is missing",
        )
        return None
    words = sum(1 for _ in islice(spans(sentence), _LONGEST + 1))
    if words > _LONGEST:
        st.info(
            f"A lesson looks at a sentence or two, at most {_LONGEST} words, and this has more. The pages Read and "
            "Inside show long reviews; the text is still here.",
            icon=":material/short_text:",
            title="Too long for a lesson",
        )
        return None
    if not words:
        st.info(
            "There is no word to read yet. Write a sentence about a film, in English, or go back to the lesson’s. "
            "Emoji and punctuation alone are not words to these networks.",
            icon=":material/edit:",
            title="Nothing to read",
        )
        return None
    readers = comparison.read_all([cards[name] for name in lesson.compares], sentence)
    if len(readers) < len(lesson.compares):
        return None
    read = dict(zip(TRIO, readers, strict=True))
    return Board(sentence, read, _word(lesson, sentence, read["lstm"].trace) if step.at_a_word else 0)


def show_step(lesson: Lesson, step: Step) -> None:
    """Which step this is, and what the class is told."""
    number = f"Step {place(lesson) + 1} of {len(lesson.steps)}"
    st.html(
        f'<p class="lesson-number">{number}</p><h2 class="lesson-title">{escaped(step.title)}</h2>'
        f'<p class="lesson-says">{escaped(step.says)}</p>'
    )


def guess(lesson: Lesson, question: Question, board: Board | Spelling) -> bool:
    """Ask, and say whether the guess was right; whether the numbers may be shown."""
    answers = (*question.answers, _JUST_SHOW)
    plain(question.asks)
    # Another sentence or word is another question.
    mark = zlib.crc32(repr((board.sentence, board.cursor, question)).encode(errors="replace"))
    chosen = st.radio(
        "Your guess",
        range(len(answers)),
        format_func=answers.__getitem__,
        index=None,
        key=f"guess/{lesson.name}/{place(lesson)}/{mark}",
        persist_state="session",
        label_visibility="collapsed",
    )
    if chosen is None:
        return False
    truth = question.answers[question.right]
    if chosen < len(question.answers) and question.accepts(chosen):
        verdict = "Right." if chosen == question.right else f"Right, within what is known. Measured: {truth}."
    elif chosen == len(question.answers):
        verdict = f"It is: {truth}."
    else:
        verdict = f"Not this time. It is: {truth}."
    plain(f"{verdict} {question.why}".rstrip())
    if question.compared:
        rows = "".join(f"<dt>{escaped(name)}</dt><dd>{escaped(text)}</dd>" for name, text in question.compared)
        st.html(f'<dl class="lesson-compared">{rows}</dl>')
    return True


def see(step: Step) -> None:
    """How to read what is shown."""
    st.html(f'<p class="lesson-sees"><b>What you see.</b> {escaped(step.sees)}</p>')


def wait() -> None:
    """Where the numbers will stand, before there is a guess."""
    st.info("The numbers appear here as soon as there is a guess.", icon=":material/school:", title="Guess first")


def move(lesson: Lesson) -> None:
    """Back and on; from the last step on to the next lesson. The last step ends with a question to argue about."""
    here, last = place(lesson), len(lesson.steps) - 1
    if here == last:
        st.html(f'<p class="lesson-argue"><b>To argue about.</b> {escaped(lesson.argue)}</p>')
    lessons = list(BY_NAME)
    following = lessons[lessons.index(lesson.name) + 1 :]
    with st.container(horizontal=True, gap="small"):
        _button("Back", "arrow_back", "Alt+P", _step_key(lesson), here - 1, disabled=here == 0)
        if here < last or not following:
            _button("Next", "arrow_forward", "Alt+N", _step_key(lesson), here + 1, disabled=here == last)
        else:
            _button("Next lesson", "arrow_forward", "Alt+N", keys.LESSON, following[0], disabled=False)


def _sentence(lesson: Lesson) -> str:
    key = f"sentence/{lesson.name}"
    st.session_state.setdefault(key, lesson.sentence)
    asked = st.session_state.pop(keys.CLASS_SENTENCE, None)
    if asked is not None and asked[0] in (lesson.name, ""):
        st.session_state[key] = asked[1]
    if lesson.spells:
        text = st.text_input(
            "The word",
            key=key,
            max_chars=200,
            persist_state="session",
            help="Your own word is welcome, of at most 24 characters; a network learns it at once.",
        )
    else:
        text = st.text_area(
            "The sentence",
            key=key,
            height=100,
            max_chars=typed.most_taken(),
            placeholder="Write a sentence about a film, in English.",
            persist_state="session",
            help="Your own words are welcome; everything below is computed anew. The review of the other pages stays "
            "as it is.",
        )
    if text != lesson.sentence:
        st.button(
            f"Back to the lesson’s {'word' if lesson.spells else 'sentence'}",
            icon=":material/undo:",
            type="tertiary",
            on_click=_set,
            args=(key, lesson.sentence),
        )
    st.session_state[keys.LESSON_OWN] = text if text != lesson.sentence else ""
    return typed.read_of(text)


def _word(lesson: Lesson, sentence: str, trace: Trace) -> int:
    """The word that is looked at; of a new sentence the one that did most to the verdict."""
    count = len(trace.tokens)
    if count == 1:
        return 0
    key, of = f"word/{lesson.name}", f"word-of/{lesson.name}"
    if key not in st.session_state or st.session_state.get(of) != sentence:
        first = 0 if lesson.finds_the_word else int(np.abs(trace.contributions).argmax())
        st.session_state[key], st.session_state[of] = first, sentence
    return int(
        st.selectbox(
            "Look at the word",
            range(count),
            format_func=lambda word: f"{trace.tokens[word].text} ({word + 1})",
            key=key,
            persist_state="session",
        )
    )


def _button(name: str, icon: str, shortcut: str, key: str, value: str | int, *, disabled: bool) -> None:
    st.button(
        name,
        icon=f":material/{icon}:",
        shortcut=shortcut,
        key=f"go-{icon}",
        on_click=_set,
        args=(key, value),
        disabled=disabled,
    )


def _set(key: str, value: str | int) -> None:
    st.session_state[key] = value


def _step_key(lesson: Lesson) -> str:
    return f"lesson-step/{lesson.name}"
