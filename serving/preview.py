"""What a link looks like where it is sent: title, description and picture (Open Graph) in the page that is served.

Streamlit serves one ``index.html`` for every page. This middleware answers for the pages' addresses with the same file
and our own head; a picture shows the example that the link names, read by the LSTM (``docs/pictures/previews.py``).
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from models.examples import BY_NAME, EXAMPLES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_ROOT = Path(__file__).resolve().parents[1]
_PICTURES = _ROOT / "static" / "previews"
# The first page lives at the bare address.
_PAGES = frozenset({"", *(page.stem for page in (_ROOT / "pages").glob("*.py"))}) - {"read"}
_TITLE = "Unrolled: watch a recurrent network read a review"
_ABOUT = (
    "A recurrent network reads a film review one word at a time. See every word push the verdict, every unit and gate, "
    "and the arithmetic behind it."
)


class Preview:
    """Middleware that answers for the pages; the app behind it does for everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, if a page is asked for."""
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not asked or scope["path"].strip("/") not in _PAGES:
            await self.app(scope, receive, send)
            return
        answer = HTMLResponse(self.page(Request(scope)), headers={"Cache-Control": "no-cache"})
        await answer(scope, receive, send)

    def page(self, request: Request) -> str:
        """Streamlit's page with our head. What the address says is looked up, never written into it."""
        named = parse_qs(request.url.query).get("example", [""])[0]
        example = BY_NAME.get(named, EXAMPLES[0])
        title = f"{_TITLE}: {example.title}" if named in BY_NAME else _TITLE
        picture = f"{request.url.scheme}://{request.url.netloc}/previews/{example.name}.png"
        properties = {
            "og:type": "website",
            "og:site_name": "Unrolled",
            "og:title": title,
            "og:description": _ABOUT,
            "og:image": picture,
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": f"Our own review “{example.title}”, every word coloured by what it did to the verdict",
        }
        tags = "".join(f'<meta property="{name}" content="{html.escape(text)}" />' for name, text in properties.items())
        head = (
            f'<title>{html.escape(title)}</title><meta name="description" content="{html.escape(_ABOUT)}" />{tags}'
            '<meta name="twitter:card" content="summary_large_image" />'
        )
        return self._page.replace("<title>Streamlit</title>", head, 1)


def picture(request: Request) -> Response:
    """One of the pictures, by its example's name."""
    file = _PICTURES / f"{request.path_params['example_name']}.png"
    if request.path_params["example_name"] not in BY_NAME or not file.is_file():
        return PlainTextResponse("There is no such picture.\n", 404)
    return FileResponse(file, headers={"Cache-Control": "public, max-age=86400"})


route = Route("/previews/{example_name}.png", picture)
