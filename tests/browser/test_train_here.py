"""A network is trained from the page with TensorFlow, watched, found again after a reload, and reads a review."""

from __future__ import annotations

import io
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from models import catalog
from models.training.data import imdb
from tests.browser.conftest import Visit
from tests.browser.steps import go_to, models, write_review
from tests.fake_imdb import made_up_review

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = pytest.mark.browser
LONG = 240_000  # a busy machine


def made_up_archive(path: Path) -> Path:
    """As many training reviews as the official archive has, of a few hundred made-up ones; the rest is not needed."""
    half = imdb.OFFICIAL_COUNTS["train"] // 2
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for label, stars in (("pos", 9), ("neg", 2)):
            texts = [made_up_review(label, number).encode() for number in range(300)]
            for number in range(half):
                member = tarfile.TarInfo(f"aclImdb/train/{label}/{number}_{stars}.txt")
                text = texts[number % len(texts)]
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text))
    return path


def test_a_network_is_trained_from_the_page_and_reads_a_review(
    fresh_server: Callable[[], Server], visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    shutil.copytree(catalog.PRETRAINED / "gru", shelf / "gru")
    monkeypatch.setenv("UNROLLED_TRAINING", "1")
    monkeypatch.setenv("UNROLLED_SHELF", str(shelf))
    monkeypatch.setenv("UNROLLED_DATA", str(made_up_archive(tmp_path / "reviews.tar.gz")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    server = fresh_server()
    page = visit.open(f"{server.url}/training")
    page.get_by_text("Train one here").click()
    visit.settled()  # a rerun would close the list again
    wanted = page.get_by_role("option", name="SimpleRNN", exact=True)
    for _ in range(5):  # on a busy machine a late rerun closes the list once more
        page.get_by_role("combobox", name="Network").click()
        page.wait_for_timeout(1_000)
        if wanted.is_visible():
            break
    wanted.click()
    visit.settled()
    page.get_by_role("button", name="Start training").click()

    running = page.locator(".st-key-train-running")
    expect(running.get_by_role("button", name="Stop the training")).to_be_visible()
    expect(running).to_contain_text("Yours: SimpleRNN, 2 epochs on 2,000 reviews")
    expect(running.get_by_test_id("stPlotlyChart")).to_have_count(2, timeout=LONG)
    step = re.compile(r"Epoch \d of 2, step (\d+) of 64|All epochs are done")
    expect(running.get_by_test_id("stProgress")).to_contain_text(step)
    page.reload()
    read = page.get_by_role("button", name="Read a review with it")
    expect(running.get_by_test_id("stPlotlyChart").or_(read).first).to_be_visible(timeout=LONG)

    expect(read).to_be_visible(timeout=LONG)
    visit.settled()
    expect(page.get_by_text("of 500 reviews that it did not learn from")).to_be_visible()
    assert [path.name for path in sorted(shelf.iterdir())] == ["gru", "my_simple_rnn_1"]
    read.click()
    expect(page.locator("h1")).to_have_text("Watch a network read")
    visit.settled()
    chosen = models(page).filter(has_text="Yours: SimpleRNN")
    expect(chosen).to_have_attribute("aria-checked", "true")
    assert "model=my_simple_rnn_1" in page.url
    verdicts = []
    for text in ("The film is wonderful. The music was a joy.", "The acting is dreadful! The story was a bore."):
        write_review(visit, text)
        shown = page.get_by_text(re.compile(r"P\(positive\) = [01]\.\d{3}")).first.inner_text()
        verdicts.append(float(re.search(r"= ([01]\.\d{3})", shown)[1]))  # type: ignore[index]
    assert verdicts[0] > 0.6 and verdicts[1] < 0.4, "it has learnt something"
    go_to(visit, "Training")
    assert visit.strangers() == [] and visit.errors == []
