"""What a link says of itself where it is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from models.examples import EXAMPLES
from serving import preview

APP = preview.Preview(
    Starlette(routes=[preview.route, Route("/{rest:path}", lambda _: PlainTextResponse("other"))]),
)


def ask(target: str) -> tuple[int, bytes]:
    """Status and body of an answer, over ASGI."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"unrolled.example")],
    }
    sent: list[dict[str, Any]] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(asked, None) or await asyncio.Future()  # and the visitor stays

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(APP(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("path", ["/", "/inside", "/compare/", "/lessons?lesson=words"])
def test_every_page_has_our_title_a_description_and_a_picture(path: str) -> None:
    page = ask(path)[1].decode()
    assert "<title>Unrolled: watch a recurrent network read a review</title>" in page
    assert "<title>Streamlit</title>" not in page
    assert 'name="description"' in page and 'property="og:title"' in page
    picture = f"https://unrolled.example/previews/{EXAMPLES[0].name}.png"
    assert f'property="og:image" content="{picture}"' in page
    assert '<div id="root">' in page and "./static/js/" in page, "it is still Streamlit's page"


def test_a_link_to_an_example_shows_that_example_and_nothing_else_of_an_address_is_written() -> None:
    for example in EXAMPLES:
        page = ask(f"/?example={example.name}")[1].decode()
        assert f"/previews/{example.name}.png" in page and example.title in page.replace("&#x27;", "'")
        status, picture = ask(f"/previews/{example.name}.png")
        assert status == 200 and picture.startswith(b"\x89PNG")
    assert "alert(1)" not in ask("/?example=%3Cscript%3Ealert(1)&text=abc")[1].decode()
    assert ask("/previews/icon.png")[0] == 404


@pytest.mark.parametrize("path", ["/_stcore/health", "/static/js/index.js", "/read", "/nonsense"])
def test_everything_else_is_answered_as_before(path: str) -> None:
    assert ask(path) == (200, b"other")
