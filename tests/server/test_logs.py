"""Nothing that a visitor types, uploads or has in an address is in any log, at any level."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

import pytest
import websockets.exceptions
from streamlit import config, error_util
from streamlit.proto.NewSession_pb2 import Config
from streamlit.runtime import app_session

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
        assert SECRET in "".join(visitor.texts)
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


def test_an_error_that_comes_again_and_again_is_told_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_LAST_WRITTEN", {})
    factory = logging.getLogRecordFactory()
    logs.install()
    try:
        for _ in range(50):
            try:
                raise KeyError(SECRET)
            except KeyError:
                logging.getLogger("anything").exception("failed")
    finally:
        logging.setLogRecordFactory(factory)
    assert caplog.text.count("Traceback") == 1
    assert caplog.text.count("builtins.KeyError, as before") == 49


def test_a_page_s_error_is_told_without_its_words(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    factory, rich = logging.getLogRecordFactory(), config.get_option("logger.enableRich")
    config.set_option("logger.enableRich", True)
    logs.install()
    try:
        error_util._log_uncaught_app_exception(ValueError(SECRET))
    finally:
        logging.setLogRecordFactory(factory)
        config.set_option("logger.enableRich", rich)
    assert "builtins.ValueError" in caplog.text
    assert SECRET not in caplog.text + "".join(capsys.readouterr())


def test_an_error_s_box_has_no_link_that_hands_it_to_a_stranger() -> None:
    message = Config()
    app_session._populate_config_msg(message)
    assert message.show_error_links == Config.ShowErrorLinks.SHOW_ERROR_LINKS_FALSE
    assert config.get_option("client.showErrorDetails") == "none"
