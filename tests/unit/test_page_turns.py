"""Requests of a page that was just left are told from those of the page that is there."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from serving.page_turns import PageTurns


def asked(page: str, fragment: str = "") -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_script_hash, message.rerun_script.fragment_id = page, fragment
    return message


def begun(page: str, *fragments: str) -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.page_script_hash = page
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def test_a_fragment_of_the_page_just_left_comes_too_late() -> None:
    turns = PageTurns()
    turns.too_late(asked(""))
    turns.began(begun("read"))
    assert not turns.too_late(asked("read", "verdicts"))
    assert not turns.too_late(asked("about"))
    assert turns.too_late(asked("read", "verdicts")), "while the new page is made"
    turns.began(begun("about"))
    assert turns.too_late(asked("read", "verdicts")), "and once it is there"
    assert not turns.too_late(asked("about", "cards"))
    turns.too_late(asked("read"))
    assert not turns.too_late(asked("read", "verdicts")), "the visitor is back"


def test_a_page_opened_by_the_server_speaks_at_once_and_a_fragment_that_runs_is_no_turn() -> None:
    turns = PageTurns()
    turns.too_late(asked("compare"))
    for page in ("compare", "read"):  # a button of Compare opens Read
        turns.began(begun(page))
    assert not turns.too_late(asked("read", "verdicts"))
    turns.began(begun("compare", "edits"))
    assert not turns.too_late(asked("read", "verdicts"))


def test_a_page_opened_by_its_name_is_the_one_that_the_router_names() -> None:
    turns, named = PageTurns(), ForwardMsg()
    named.navigation.page_script_hash = "training"
    turns.too_late(asked(""))
    turns.began(begun("router"))
    turns.began(named)
    assert not turns.too_late(asked("training", "runs"))
    turns.too_late(asked("read"))
    turns.began(named)  # of the run that was left
    assert turns.too_late(asked("training", "runs"))


def test_the_router_may_name_a_page_by_a_message_that_it_sent_before() -> None:
    turns, named, again = PageTurns(), ForwardMsg(hash="long"), ForwardMsg(ref_hash="long")
    named.navigation.page_script_hash = "training"
    for message in (begun("router"), named, begun("router"), again):
        turns.began(message)
    assert not turns.too_late(asked("training", "runs"))
    turns.began(ForwardMsg(ref_hash="a style sheet"))
    assert not turns.too_late(asked("training", "runs"))


def test_other_messages_are_never_too_late() -> None:
    turns = PageTurns()
    turns.too_late(asked("read"))
    heartbeat = BackMsg()
    heartbeat.app_heartbeat = True
    assert not turns.too_late(heartbeat)
