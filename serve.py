"""The serving entry: what the first page needs is loaded before the server answers, so nobody waits for it.

Run it with ``streamlit run serve.py``. ``streamlit run app.py`` serves the same app, a second slower for the first
visitor of a fresh process.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Import what pages are made of, load the models on the shelf and draw one reading, then let visitors in."""
    import components

    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)
    from components.read.charts import reading
    from components.session import resources
    from components.ui import theme
    from models.errors import ArtifactError
    from models.examples import EXAMPLES

    for card in resources.cards():
        try:
            trace = resources.model(card.name).trace(EXAMPLES[0].text)
        except ArtifactError as error:
            logging.getLogger("unrolled").warning("left out: %s", error)
            continue
        reading(trace, card.family, theme.LIGHT).to_json()
        resources.evaluation(card)
    yield


def read(request: Request) -> RedirectResponse:
    """The first page lives at the bare address; who types its name, or follows an old link, is sent there."""
    # Relative, so that it holds behind a proxy that serves the app under a path of its own.
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./")


app = st.App("app.py", lifespan=lifespan, routes=[Route("/read", read)])
