"""Where the serving process listens decides whether its visitors may train."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from serving import listening
from tests.served import Visitor, served


@pytest.mark.parametrize(
    ("options", "environment", "trains"),
    [
        (["--server.address=127.0.0.1"], {}, True),
        (["--server.address="], {}, False),
        pytest.param(["--server.address=127.0.0.1", "--server.address=0.0.0.0"], {}, False, marks=pytest.mark.slow),
        pytest.param(["--server.address=0.0.0.0", "--server.address=127.0.0.1"], {}, True, marks=pytest.mark.slow),
        pytest.param(
            ["--server.headless=true"], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}, False, marks=pytest.mark.slow
        ),
        pytest.param(
            ["--server.address=127.0.0.1"], {"UNROLLED_HOSTS": "app.school.example"}, False, marks=pytest.mark.slow
        ),
    ],
)
def test_visitors_may_train_only_where_nobody_else_can_reach_the_app(
    options: list[str], environment: dict[str, str], trains: bool, tmp_path: Path
) -> None:
    with served(tmp_path, *options, UNROLLED_TRAINING="loopback", **environment) as server:
        visitor = Visitor(server.url)
        assert (b"Train one here" in visitor.read("training")) is trains
        visitor.leave()


def test_what_is_listened_on_decides() -> None:
    with socket.socket() as here, socket.socket() as everywhere:
        here.bind(("127.0.0.1", 0))
        everywhere.bind(("0.0.0.0", 0))
        assert listening.only_loopback([here])
        assert not listening.only_loopback([here, everywhere])
        assert not listening.only_loopback([])
