"""Every figure that any test makes is validated by Plotly; the app itself sends figures without looking at them."""

from __future__ import annotations

from collections.abc import Iterator

import plotly.graph_objects as go
import pytest

from components.ui.figure import Figure


@pytest.fixture(autouse=True, scope="session")
def figures_are_valid() -> Iterator[None]:
    """Let Plotly check each figure as soon as it is ready: a property it does not know is an error of the test."""
    begin = Figure.__init__

    def checked(self: Figure, ready: dict, config: dict | None = None) -> None:
        begin(self, ready, config)
        go.Figure(self.to_dict())

    Figure.__init__ = checked
    yield
    Figure.__init__ = begin
