"""The teacher's side of a class that takes part by phone: opening and ending it, the vote, what students send."""

from __future__ import annotations

import contextlib
import ipaddress
from urllib.parse import quote, urlsplit

import segno
import streamlit as st

from components.lessons import class_check
from components.lessons.board import Board, Lesson, Step
from components.lessons.spelling import Spelling
from components.session import keys, links
from components.ui.messages import escaped, plain
from models.classroom.address import in_local_network
from models.classroom.classes import CLASSES, PROCESS_COOKIE, Classroom, TooMany
from models.classroom.shown import Shown
from models.question import Question
from models.wording import agreeing, counted

_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104, compared and not bound
_SECONDS = 1.0


def room() -> Classroom | None:
    """The class that this visit has opened; None without one, or once it has ended."""
    kept = st.session_state.get(keys.CLASS)
    if kept is None:
        return None
    found = CLASSES.of_teacher(*kept)
    if found is None:
        st.session_state.pop(keys.CLASS, None)
    return found


def controls() -> None:
    """*Open a class*, or the code, the picture and the link that phones join with."""
    mine = room()
    label = f"Class {mine.code}" if mine is not None else "Open a class"
    with st.popover(label, icon=":material/groups:", key="class", type="tertiary"):
        if not CLASSES.served:
            plain("There is no class here: the app was started without its serving entry. Start it with: go.py start")
        elif mine is None:
            plain("Students follow on their phones, guess there, and can send you a sentence. No names, no accounts.")
            st.button("Open a class", key="class-open", icon=":material/groups:", on_click=_open)
        else:
            _join(mine)
            class_check.offer(mine)
            st.button(
                "End the class now", key="class-end", icon=":material/stop_circle:", on_click=CLASSES.end, args=(mine,)
            )


def show(lesson: Lesson, place: int, step: Step, board: Board | Spelling, question: Question | None) -> None:
    """Let the phones follow: the step, the sentence, the word, the question."""
    mine = room()
    if mine is None:
        return
    words: tuple[tuple[str, bool], ...] = ((board.sentence, False),)
    if step.at_a_word and isinstance(board, Board):
        word = board.readers["lstm"].trace.tokens[board.cursor]
        before, after = board.sentence[: word.start], board.sentence[word.end :]
        words = (before, False), (board.sentence[word.start : word.end], True), (after, False)
    asked = question or Question("", (), 0)
    mine.show(Shown(lesson.name, place + 1, step.title, step.says, words, asked, _own(lesson, board)))


def _own(lesson: Lesson, board: Board | Spelling) -> str:
    """The class's own sentence, as links carry it, so that a phone that looks around meets it there; "" without one."""
    if board.sentence == lesson.sentence:
        return ""
    with contextlib.suppress(links.BadText):
        return links.encode(board.sentence)
    return ""


def answered() -> None:
    """The numbers are on the screen: the vote is over."""
    mine = room()
    if mine is not None:
        mine.close_vote()


@st.fragment(run_every=_SECONDS)
def vote(lesson: Lesson) -> None:
    """How many have guessed, and once the vote is closed how the guesses fell; what students have sent."""
    mine = room()
    if mine is None:
        return
    if keys.CLASS_SENTENCE in st.session_state:
        st.rerun()  # of the whole page, where it will stand
    class_check.show(mine)
    shown = mine.shown
    if mine.check.when:
        pass  # the phones have something else to answer
    elif shown is not None and shown.asked.answers:
        people = counted(mine.phones, "phone")
        plain(f"{mine.guessed} of {people} {agreeing(mine.guessed, 'has', 'have')} guessed.")
        if mine.closed:
            st.html(distribution(mine.counts(), shown.asked))
        else:
            st.button("Close the vote", key="class-close", icon=":material/how_to_vote:", on_click=mine.close_vote)
    else:
        plain(f"{counted(mine.phones, 'phone')} in the class.", muted=True)
    waiting = mine.sentences()
    if waiting:
        with st.expander(f"{counted(len(waiting), 'sentence')} from students (only you decide)", key="class-sentences"):
            for number, text in list(waiting.items())[:20]:
                plain(text)
                with st.container(horizontal=True, gap="small"):
                    st.button("Show it", key=f"class-show-{number}", on_click=_show, args=(mine, number, lesson))
                    st.button("Put away", key=f"class-away-{number}", on_click=_put_away, args=(mine, number))


def distribution(counts: list[int], asked: Question) -> str:
    """The guesses as bars, with the right answer marked; all text escaped."""
    most = max(1, *counts)
    rows = []
    for place, (answer, count) in enumerate(zip(asked.answers, counts, strict=True)):
        right = place == asked.right
        mark = " right" if right else ""
        rows.append(
            f'<li class="lesson-vote{mark}"><span>{escaped(answer)}{" ✓" if right else ""}</span>'
            f'<i style="width:{100 * count / most:.0f}%"></i><b>{count}</b></li>'
        )
    return f'<ul class="lesson-votes">{"".join(rows)}</ul>'


def link(url: str, code: str, listens: str, local: str | None, process: str = "") -> str | None:
    """The address that phones open; None where no phone can reach this machine.

    Args:
        url: that the teacher's browser has open.
        code: of the class.
        listens: the address that the server listens on; empty for every one.
        local: this machine's address in the local network.
        process: what a proxy in front of several processes knows this one by: the class lives in it alone.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _only_here(host):
        if local is None or listens not in _EVERYWHERE:
            return None
        host = local
    elif ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    below = parts.path.rsplit("/", 1)[0].rstrip("/")
    there = f"?at={quote(process, safe='')}" if process else ""
    return f"{parts.scheme}://{host}{port}{below}/class/{code}{there}"


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")


def _join(mine: Classroom) -> None:
    st.html(f'<p class="lesson-code">{mine.code}</p>')
    listens = str(st.get_option("server.address") or "")
    address = link(st.context.url or "", mine.code, listens, in_local_network(), mine.process)
    if address is None:
        plain(
            "Phones cannot reach this machine as it was started. Start it with  python3 go.py start --server.address "
            "0.0.0.0  in a network that the phones are in too, and open a class again."
        )
        return
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=3, dark="#000", light="#fff")
    st.html(f'<img class="lesson-qr" alt="QR code of the link below" src="{picture}">')
    st.code(address, language=None, wrap_lines=True)
    plain("Phones open the link, or the same address without the code and type it there.", muted=True)


def _open() -> None:
    try:
        made = CLASSES.open(st.context.cookies.get(PROCESS_COOKIE, ""))
    except TooMany:
        st.toast("Too many classes are open on this server. Try again later.")
        return
    st.session_state[keys.CLASS] = (made.code, made.secret)


def _put_away(mine: Classroom, number: int) -> None:
    mine.take_sentence(number)


def _show(mine: Classroom, number: int, lesson: Lesson) -> None:
    text = mine.take_sentence(number)
    if text:
        # Set before the box is made: what the browser holds of it would win over what is set here.
        st.session_state[keys.CLASS_SENTENCE] = (lesson.name, text)
