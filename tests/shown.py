"""What stands on the screen after a run, and what may never stand there: ``{…}``, ``None``, ``nan``, bare Markdown.

Every page test is held to it: ``tests/pages/conftest.py`` looks at the page after each run of the app. What a visitor
has typed, chosen or brought may hold anything; so a sign that stands in it is theirs and not looked at again.
"""

from __future__ import annotations

import functools
import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

# Strings of an element that nobody reads.
_UNREAD = {
    "id", "form_id", "tag", "icon", "type", "theme", "config", "language", "format", "url", "href", "shortcut",
    "query_param_key", "deferred_file_id", "component_name", "js_content", "js_source_path", "css_content",
    "css_source_path", "page_script_hash", "uuid", "styles", "key", "element_id", "file_urls", "script_source",
}  # fmt: skip
# What is drawn as it is written: here a Markdown sign would be seen. Everywhere else Streamlit renders Markdown.
_AS_WRITTEN = {"text", "selectbox", "multiselect", "select_slider", "text_area", "text_input", "dataframe", "code"}
_STYLE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_READ_ALOUD = re.compile(r"""\b(?:title|alt|aria-label)=(?:"([^"]*)"|'([^']*)')""")
_RENDERED = re.compile(
    r"```.*?```|`[^`\n]+`|\*\*[^\s*](?:[^*]*[^\s*])?\*\*|!?\[[^\]\n]*\]\([^)\n]*\)|~~[^~\n]+~~|<[^<>\n]*>|^#{1,6} ",
    re.DOTALL | re.MULTILINE,
)
_NEVER = {
    "a placeholder that was not filled in": re.compile(r"(?<!%)\{[^{}]*\}"),
    "a missing value": re.compile(r"\b(?:None(?!\s+of\b)|nan|NaN|NaT|undefined)\b|<NA>|\[object "),
    "a bare Markdown sign": re.compile(r"\*\*|~~|`|\]\(|(?m:^#{1,6} )|(?<!\w)__\w+__(?!\w)"),
}


def offences(at: AppTest, *theirs_too: str) -> list[str]:
    """What stands on the page and should not, each with the words around it.

    Args:
        at: the app after a run.
        theirs_too: what a visitor, a file or another process brings in a way that the session does not show.
    """
    theirs = "\n".join((*_theirs(at), *theirs_too))
    found = []
    for place, text in shown(at):
        for what, pattern in _NEVER.items():
            for match in pattern.finditer(text):
                if not _holds(theirs, match[0]):
                    around = text[max(match.start() - 60, 0) : match.end() + 40]
                    found.append(f"{place}: {what}, {match[0]!r}, in {around!r}")
    return found


def _holds(theirs: str, sign: str) -> bool:
    """Whether the sign is the visitor's own; a word counts as a whole word only."""
    edge = r"\b" if sign.isalpha() else ""
    return re.search(edge + re.escape(sign) + edge, theirs) is not None


def shown(at: AppTest) -> Iterator[tuple[str, str]]:
    """All that can be read: the element's kind and the text, Markdown that Streamlit renders taken out of it."""
    for node in at._tree:
        proto = getattr(node, "proto", None)
        if not isinstance(proto, Message):
            continue
        kind = node.type
        if kind == "html":
            yield from ((kind, text) for text in of_html(proto.body))
        elif kind == "plotly_chart":
            yield kind, proto.alt
            yield from ((kind, text) for text in of_figure(proto.spec))
        elif kind == "bidi_component":
            yield from ((kind, text) for text in of_html(proto.html_content))
            yield from ((kind, text) for text in _strings(json.loads(proto.json or proto.bytes or "null")))
        elif kind == "dataframe":
            yield from ((kind, text) for text in _of_table(node))
        elif kind != "code":
            for text in _fields(proto):
                yield kind, text if kind in _AS_WRITTEN else _RENDERED.sub(" ", text)


def of_html(body: str) -> Iterator[str]:
    """What is seen and what is read aloud of a piece of HTML."""
    body = _STYLE.sub(" ", body)
    for double, single in _READ_ALOUD.findall(body):
        yield html.unescape(double or single)
    yield html.unescape(_TAG.sub(" ", body))


@functools.lru_cache(maxsize=256)
def of_figure(spec: str) -> tuple[str, ...]:
    """The strings of a Plotly figure, without Plotly's own placeholders ``%{…}``."""
    return tuple(re.sub(r"%\{[^{}]*\}", " ", _TAG.sub(" ", text)) for text in _strings(json.loads(spec)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("bdata", "template"):
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _fields(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in _UNREAD:
            continue
        values: Iterable[Any] = value if field.is_repeated else [value]
        if field.type == field.TYPE_STRING:
            yield from values
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for inner in values:
                yield from _fields(inner)


def _of_table(node: Any) -> Iterator[str]:
    """Names of columns and cells of text; a missing number is drawn as the table's own placeholder."""
    table = node.value
    yield node.proto.alt
    if not node.proto.placeholder and table.isna().to_numpy().any():
        yield "None"
    yield from (text for text in _strings(json.loads(node.proto.columns or "null")) if len(text) > 1)
    for name in table.columns:
        yield str(name)
        yield from (cell for cell in table[name].tolist() if isinstance(cell, str))


def _theirs(at: AppTest) -> Iterator[str]:
    """Everything that the visitor has typed or brought, as far as the session knows it."""
    yield from _leaves(dict(at.query_params))
    yield from _leaves(at.session_state.to_dict())
    for uploader in at.file_uploader:
        files = uploader.value if isinstance(uploader.value, list) else [uploader.value]
        for file in filter(None, files):
            yield file.name
            yield file.getvalue().decode("utf-8", "replace")


def _leaves(value: Any, depth: int = 6) -> Iterator[str]:
    """The strings in a value of the session: in containers and records too."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset | deque):
        for inner in value:
            yield from _leaves(inner, depth - 1)
    elif depth and is_dataclass(value):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name), depth - 1)
