"""A visitor without a browser: the messages and requests that one sends, for tests against a served app."""

from __future__ import annotations

import contextlib
import http.client
import time
import urllib.request
import uuid
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

FIELDS = {
    "text_area": "string_value",
    "text_input": "string_value",
    "button": "trigger_value",
    "button_group": "string_array_value",
}


class Visitor:
    """One session: the page it is on, its widgets by label, and what was last said to it.

    Args:
        url: of the server.
        patience: seconds to wait for a run of the script.
    """

    def __init__(self, url: str, patience: float = 60) -> None:
        self.url, self.patience = url, patience
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self.socket = connect(
            f"ws://{self.host}:{self.port}/_stcore/stream", subprotocols=["streamlit"], max_size=None, origin=url
        )
        self.session, self.page, self.query = "", "", ""
        self.widgets: dict[str, tuple[str, Any]] = {}
        self.values: dict[str, tuple[str, Any]] = {}
        self.fragments: list[str] = []  # parts of the page that ask for themselves again
        self.errors: list[str] = []
        self.texts: list[str] = []

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.close()

    def run(self, page: str = "", fragment: str = "") -> float:
        """Let the script run; returns the seconds it took. ``page``: a page's name, to go there."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if page:
            message.rerun_script.page_name = page
        else:
            message.rerun_script.page_script_hash = self.page
        if fragment:
            message.rerun_script.fragment_id = fragment
        for widget, (field, value) in self.values.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = widget
            if isinstance(value, list):
                getattr(state, field).data.extend(value)
            else:
                setattr(state, field, value)
        started = time.monotonic()
        self.texts = []
        if not fragment:
            self.fragments = []
        self.socket.send(message.SerializeToString())
        ours = False
        while True:
            answer = self._next()
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                ours = True
                self.session = answer.new_session.initialize.session_id or self.session
            elif kind == "auto_rerun":
                self.fragments.append(answer.auto_rerun.fragment_id)
            elif kind == "navigation":
                self.page = answer.navigation.page_script_hash
                self.fragments = []  # the whole page runs, a fragment may have asked for it: its parts are others now
            elif kind == "page_info_changed":  # the address, which a browser sends back with its next request
                self.query = answer.page_info_changed.query_string
            elif kind == "delta":
                self._take(answer)
            elif kind == "script_finished" and ours and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.values = {key: value for key, value in self.values.items() if value[0] != "trigger_value"}
                return time.monotonic() - started

    def set(self, label: str, value: Any) -> float:
        """Set the widget of that label, and run."""
        kind, element = self.widgets[label]
        field = FIELDS[kind]
        self.values[element.id] = (field, value)
        return self.run()

    def press(self, label: str) -> float:
        """Press the button of that label, and run."""
        return self.set(label, True)

    def address(self, name: str = "reviews.csv") -> str:
        """The path under which this session may upload a file."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        self.socket.send(message.SerializeToString())
        while (answer := self._next()).WhichOneof("type") != "file_urls_response":
            pass
        return str(answer.file_urls_response.file_urls[0].upload_url)

    def upload(self, path: str, data: bytes, length: int | None = None) -> tuple[int, str]:
        """Send a file; the status and text of the answer, 0 where the connection was cut before.

        ``length`` is announced instead of the true one.
        """
        with urllib.request.urlopen(f"{self.url}/_stcore/health") as answer:
            cookies = [value.split(";")[0] for value in answer.headers.get_all("set-cookie") or []]
        token = next((cookie.split("=", 1)[1] for cookie in cookies if cookie.startswith("_streamlit_xsrf")), "")
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        body = head.encode() + b"Content-Type: text/csv\r\n\r\n" + data + f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(len(body) if length is None else length),
            "Cookie": "; ".join(cookies),
            "X-Xsrftoken": token,
            "Origin": self.url,
        }
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.patience)
        try:
            connection.putrequest("PUT", path)
            for header, value in headers.items():
                connection.putheader(header, value)
            connection.endheaders()
            with contextlib.suppress(OSError):  # refused before it was all sent: the answer is there
                connection.send(body)
            reply = connection.getresponse()
            try:
                return reply.status, reply.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                return reply.status, ""
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _next(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self.socket.recv(timeout=self.patience))
        return message

    def _take(self, answer: ForwardMsg) -> None:
        if answer.delta.WhichOneof("type") != "new_element":
            return
        element = answer.delta.new_element
        kind = element.WhichOneof("type") or ""
        found = getattr(element, kind, None)
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind in ("alert", "html", "markdown", "text"):
            self.texts.append(getattr(found, "body", ""))
        label = getattr(found, "label", "")
        if label and getattr(found, "id", ""):
            self.widgets[label] = (kind, found)
