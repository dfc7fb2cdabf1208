"""Nothing that a visitor types, uploads or has in an address is in any log, at any level."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

import pytest
import websockets.exceptions

from serving import logs
from tests.conftest import Server
from tests.visitor import Visitor

SECRET = "quetzalcoatl"


def test_no_log_holds_what_a_visitor_wrote(
    fresh_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_LOGGER_LEVEL", "debug")
    server = fresh_server()
    with Visitor(server.url) as visitor:
        visitor.run()
        visitor.set("Your review", f"A film with {SECRET} in it. " * 3)
        assert SECRET in "".join(visitor.said)
        assert visitor.upload(visitor.address(f"{SECRET}.csv"), SECRET.encode() * 10)[0] == 204
        visitor.upload(visitor.address(), SECRET.encode(), length=10**12)
        visitor.run(page="batch")
        visitor.set("Reviews from", ["Paste lines"])
        visitor.set("One review a line", f"{SECRET} one\n{SECRET} two")
        visitor.query = f"text={SECRET}"
        visitor.run(page="read")
        visitor.run(page=SECRET)
    with Visitor(server.url) as visitor:
        visitor.run()
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            visitor.set("Your review", f"{SECRET} " * 1_000_000)
    log = server.log.read_text(errors="replace")
    assert "Running script" in log  # it does log at this level
    assert SECRET not in log


def test_an_error_is_logged_by_kind_and_place_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    factory = logging.getLogRecordFactory()
    logs.install()
    try:
        try:
            try:
                raise KeyError(SECRET)
            except KeyError as error:
                raise ValueError(f"could not read {SECRET}") from error
        except ValueError as error:
            logging.getLogger("anything").exception("it failed: %s", error)
            logging.getLogger("anything").warning("again", exc_info=error)
    finally:
        logging.setLogRecordFactory(factory)
    assert SECRET not in caplog.text
    assert "builtins.ValueError" in caplog.text and "builtins.KeyError" in caplog.text
    assert "test_logs.py" in caplog.text
