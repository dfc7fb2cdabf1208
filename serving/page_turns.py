"""A page that was just left may still speak: what a timer of it asks of a fragment is dropped.

Streamlit runs such a fragment as part of the page that was left. If the new page is running meanwhile, the browser is
then told that it stands on the old one, forgets the new one's elements, and shows an empty page.
"""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class PageTurns:
    """The page that one visitor stands on or has asked for, as the messages of both sides tell. Pages are hashes."""

    def __init__(self) -> None:
        self._page = ""
        self._begun = False  # whether a run has begun since a page was asked for
        # Pages by the hash of the message that named them: a long one is sent once, and then referred to.
        self._named: dict[str, str] = {}

    def too_late(self, message: BackMsg) -> bool:
        """Whether a browser's message comes from a fragment of a page that was left. Shown every message, in order."""
        if message.WhichOneof("type") != "rerun_script":
            return False
        asked = message.rerun_script
        if asked.fragment_id:
            return bool(self._page) and asked.page_script_hash != self._page
        self._page, self._begun = asked.page_script_hash, False  # no page where a visit begins: the answer names it
        return False

    def began(self, message: ForwardMsg) -> None:
        """Look at a message to the browser: a run of a page that begins, whoever asked for it, is where he stands.

        A page that was asked for by its name begins under the router's hash; the router then says which page it is.
        """
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._page, self._begun = message.new_session.page_script_hash, True
        elif kind == "navigation":
            self._named[message.hash] = message.navigation.page_script_hash
            self._turn_to(message.hash)
        elif kind == "ref_hash":
            self._turn_to(message.ref_hash)

    def _turn_to(self, naming: str) -> None:
        if self._begun and naming in self._named:
            self._page = self._named[naming]
