"""What a shared link carries, as pure functions: settings as plain parameters, a text compressed to a few letters.

A text goes only into a link that *Share* makes, where a choice that is shown says so: it stands on "In the link" until
the visitor turns to "Left out". UTF-8, zlib, base64url without padding. Whatever comes back in an address was perhaps
written by somebody else, so reading one is bounded in time and memory and ends in exactly the text that was put in, or
in ``BadText``.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import zlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

TEXT, EDITED, PRESENT, EMBED = "text", "edited", "present", "embed"
MOST_URL = 6_000
# Zlib can blow 6,000 letters up to several megabytes; no review that anybody shares is longer than this.
MOST_BYTES = 200_000
_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")

Query = Mapping[str, str | Sequence[str]]


class BadText(ValueError):
    """A text cannot be put into a link, or what a link carries is not one."""


class TooLong(ValueError):
    """The link would be longer than mail programs and proxies let through. ``length`` is what it would have had."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the link would have {length:,} letters")
        self.length = length


def encode(text: str) -> str:
    """A text as letters that are safe in an address; ``decode`` gives exactly it back.

    Raises:
        BadText: if it is longer than ``MOST_BYTES`` or not valid Unicode.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise BadText("it is not valid Unicode") from error
    if len(data) > MOST_BYTES:
        raise BadText("it is too long")
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode().rstrip("=")


def decode(value: str) -> str:
    """The text in a link.

    Raises:
        BadText: if the value is damaged, oversized, or decompresses to more than ``MOST_BYTES``.
    """
    if len(value) > MOST_URL:
        raise BadText("it is too long")
    if not _ALPHABET.fullmatch(value):
        raise BadText("it has letters that no link has")
    unpacking = zlib.decompressobj()
    try:
        packed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        data = unpacking.decompress(packed, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadText("it unpacks to too much")
        # Only at the end of the stream has zlib compared its checksum: a shortened link stops before.
        if not unpacking.eof or unpacking.unused_data:
            raise BadText("it is incomplete")
        return data.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise BadText(f"it is damaged ({type(error).__name__})") from error


def link(address: str, query: Query) -> str:
    """An address with these parameters instead of its own; the fragment is dropped too.

    Raises:
        TooLong: if it has more than ``MOST_URL`` letters.
    """
    parts = urlsplit(address)
    url = urlunsplit((parts.scheme, parts.netloc, parts.path or "/", urlencode(query, doseq=True), ""))
    if len(url) > MOST_URL:
        raise TooLong(len(url))
    return url


def frame(url: str) -> str:
    """The HTML that puts a link into somebody's own web page."""
    source = html.escape(url)
    return (
        f'<iframe src="{source}" title="Unrolled: a recurrent network reads a review" '
        'width="100%" height="900" style="border:0"></iframe>'
    )


def whole_number(value: str, most: int = 1_000_000) -> int | None:
    """A number from an address, 1…``most``; None if it is not one."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 7 and 1 <= int(value) <= most else None
