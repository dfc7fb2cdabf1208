"""A visitor's own network: dropped in, set up, read with on every page, forgotten; twelve kinds, each on every page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.batch.job import Batch
from components.batch.job import read as read_file
from components.read.recent import Earlier
from components.session import keys, work
from components.session.svg_export import saved_reading
from models.examples import EXAMPLES
from models.jobs.gate import Gate
from tests import hostile, network_files, small_networks
from tests.screen import html_of, opened, spec
from tests.shown import shown as visible

TEXT = "The film was not good, a great plot and a bad film"
SECTIONS = "input play gates equation unit credit ways memory space lab growth habits check".split()
PAGES = ("read", "inside", "compare", "batch", "training", "evaluation", "lessons", "letters", "about", "your_network")


def shown(at: AppTest) -> str:
    """All words on the page, the figures' and the pickers' too."""
    texts = [html_of(at), *(str(part.value) for kind in (at.markdown, at.caption) for part in kind)]
    charts = [spec(at, place) for place in range(len(at.get("plotly_chart")))]
    return "\n".join(texts) + json.dumps(charts)


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        # In the quick lane every kind and every page once.
        pytest.param(kind, page, marks=() if number % len(PAGES) == place else pytest.mark.slow)
        for number, kind in enumerate(small_networks.KINDS)
        for place, page in enumerate(PAGES)
    ],
)
def test_every_page_with_every_kind(kind: str, page: str) -> None:
    model = small_networks.model(kind)
    state = {
        keys.BROUGHT: {model.card.name: model}, keys.MODEL: model.card.name, keys.REVIEW: TEXT, keys.EXAMPLE: None,
        keys.COMPARE_MODELS: [model.card.name, "lstm"], keys.BATCH_MODELS: [model.card.name],
    }  # fmt: skip
    if page == "inside":
        state |= {f"{section}-section": True for section in SECTIONS}
    at = opened(page, state)
    if page in ("read", "inside"):
        text = shown(at)
        assert "P(spam)" in text
        assert "P(positive)" not in text
        assert not re.search(r"\b(clearly|rather|slightly|touch|to|more) (positive|negative)\b", text)
    if page == "compare":
        assert "P(positive / spam)" in shown(at)


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("read", {keys.EARLIER_OPEN: True}),
        ("inside", {f"{section}-section": True for section in SECTIONS}),
        ("compare", {}),
        ("compare", {keys.COMPARE_SECTION: "what-if", "edit-order": True}),
        ("compare", {keys.COMPARE_SECTION: "smallest-change"}),
        ("batch", {}),
        ("your_network", {}),
    ],
)
def test_nothing_calls_its_sides_positive_or_negative(page: str, state: dict[str, Any]) -> None:
    """All that can be seen or is read aloud: texts, tables, figures, alternative texts, helps, pickers."""
    mine = {f"yours_{n}": small_networks.model(kind, n) for n, kind in enumerate(("LSTM", "two directions"), 1)}
    earlier = [Earlier("good film", "yours_2", 0.7), Earlier("bad film", "yours_1", 0.2)]
    at = opened(
        page,
        {
            keys.BROUGHT: mine, keys.MODEL: "yours_1", keys.REVIEW: TEXT, keys.EXAMPLE: None, keys.RECENT: earlier,
            keys.COMPARE_MODELS: list(mine), keys.BATCH_MODELS: list(mine),
        } | state,
    )  # fmt: skip
    assert not at.exception, at.exception
    called = [(kind, text) for kind, text in visible(at) if re.search(r"(?i)\b(positive|negative)(?![\w-])", text)]
    assert not called
    assert any("spam" in text for _, text in visible(at))


def test_files_use_its_words_too() -> None:
    model = small_networks.model("LSTM")
    batch = Batch(read_file(b"text,label\ngood film,spam\nbad film,ham\n", "mails.csv"))
    batch.run({model.card.name: model})
    header, first, _ = batch.csv([model.card.name], ("ham", "spam")).decode("utf-8-sig").splitlines()
    assert header.split(",")[2:4] == ["p_spam_yours_1", "verdict"]
    assert first.split(",")[3] in ("ham", "spam")
    trace = model.trace(TEXT)
    file = saved_reading(TEXT, trace, model.card, "Not measured.", datetime(2025, 1, 1, tzinfo=UTC))
    text = re.sub(r"<style>.*?</style>|<[^<>]*>", " ", file, flags=re.DOTALL)
    assert "P(spam)" in text
    assert not re.search(r"(?i)\b(positive|negative)\b", text)


def test_batch_knows_its_words_as_labels_and_speaks_of_texts() -> None:
    """A column of the two words is one of labels, whatever it is called; what was read are texts, not reviews."""
    model = small_networks.model("LSTM")
    lines = [f"{word} film was {word},{label}" for word, label in (("good", "spam"), ("bad", "ham")) * 4]
    batch = Batch(read_file("\n".join(["message,kind", *lines]).encode(), "mails.csv"))
    assert batch.label is None
    batch.run({"yours_1": model})
    state = {
        keys.BROUGHT: {"yours_1": model}, keys.BATCH_MODELS: ["yours_1"], keys.BATCH_SOURCE: "file",
        keys.BATCHES: {"file": batch},
    }  # fmt: skip
    at = opened("batch", state)
    assert batch.labels is not None and batch.labels.known == 8
    assert "Labels read as the network’s own words: ham = 0; spam = 1." in html_of(at)
    assert "A spam text scores above a ham one" in html_of(at)
    at.pills(key=keys.BATCH_MODELS).set_value(["lstm"]).run()
    assert "own words" not in html_of(at)


def test_a_history_and_a_labelled_file_beside_it() -> None:
    """Training draws its curve; Evaluation judges it on its own file, in its own words, and says what cannot be."""
    model = small_networks.model("LSTM")
    at = opened("your_network", {keys.BROUGHT: {"yours_1": model}})
    history = b"epoch,loss,accuracy,val_loss,val_accuracy\n0,0.6,0.7,0.5,0.8\n1,0.4,0.8,0.45,0.85\n"
    at.file_uploader(key="history-yours_1").upload("log.csv", history, "text/csv").run()
    lines = [f"{word} film was {word},{label}" for word, label in (("good", "spam"), ("bad", "ham")) * 10]
    table = "\n".join(["message,kind", *lines]).encode()
    at.file_uploader(key="labelled-yours_1").upload("mails.csv", table, "text/csv").run()
    assert not at.exception
    p = model.predict(["good film was good", "bad film was bad"])
    right = 50 * ((p[0] >= 0.5) + (p[1] < 0.5))
    assert f"Right on {right:.1f} %: 20 labelled rows from column “message”, labels from “kind”" in html_of(at)
    at.switch_page("pages/evaluation.py").run()
    assert not at.exception
    assert "Mine is right on" in html_of(at)
    titles = "".join(chart.proto.spec for chart in at.get("plotly_chart")[-3:])
    assert "spam" in titles
    assert "positive" not in titles.replace("--positive", "")
    assert "nothing is known of it" in html_of(at)
    whole = re.sub(r"<style>.*?</style>", "", html_of(at), flags=re.DOTALL)
    section = whole[whole.index("Mine is right on") :] + titles
    assert " texts" in section and not re.search(r"(?i)\breviews?\b", section)
    at.switch_page("pages/training.py").run()
    assert not at.exception
    assert [trace["name"] for trace in spec(at, 0)["data"] if "Mine" in trace.get("name", "")]
    at.switch_page("pages/your_network.py").run()
    at.button(key="forget-yours_1").click().run()
    at.switch_page("pages/evaluation.py").run()
    assert "Mine" not in html_of(at)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "not read"), (b"a,b\n1,2\n", "not read"), (b"text,kind\na good film,perhaps\n", "no labels in it")],
)
def test_a_labelled_file_that_is_none_is_answered(data: bytes, message: str) -> None:
    at = opened("your_network", {keys.BROUGHT: {"yours_1": small_networks.model("LSTM")}})
    at.file_uploader(key="labelled-yours_1").upload("x.csv", data, "text/csv").run()
    at.file_uploader(key="history-yours_1").upload("x.csv", b"nothing", "text/csv").run()
    assert not at.exception
    assert "The history is not read." in html_of(at)
    assert "The labelled file is not read." in html_of(at)
    assert message in html_of(at)


def test_state_space_is_worked_out_from_what_was_read_here() -> None:
    """Our examples with a word it knows, this text, and what the visitor read with it before; said so."""
    model = small_networks.model("LSTM")
    state = {
        keys.BROUGHT: {"yours_1": model}, keys.MODEL: "yours_1", keys.REVIEW: TEXT, keys.EXAMPLE: None,
        "space-section": True,
    }  # fmt: skip
    ours = sum(bool(model.vocabulary.tokenize(example.text)) for example in EXAMPLES)
    for earlier, count in (([], ours + 1), ([Earlier("a great plot", "yours_1", 0.5)], ours + 2)):
        at = opened("inside", {**state, keys.RECENT: earlier})
        assert not at.exception
        assert f"states of {count} texts read here differ most" in html_of(at)
        names = [trace.get("name") for trace in spec(at, -1)["data"]]
        assert "states in texts that it calls spam" in names


def test_a_shared_link_never_contains_it() -> None:
    model = small_networks.model("LSTM")
    chosen = {f"{keys.LAYER}/yours_1": 0, f"{keys.UNIT}/yours_1/0": 1}
    at = opened("read", {keys.BROUGHT: {"yours_1": model}, keys.MODEL: "yours_1", keys.REVIEW: TEXT, **chosen})
    assert keys.MODEL not in at.query_params
    at.button(key="share").click().run()
    links = " ".join(code.value for code in at.code)
    assert links
    assert "yours_1" not in links
    assert "unit=" not in links, "a unit of the network that the link opens would be another one"
    assert any("not in the link" in caption.value for caption in at.caption)


def bring(data: bytes, name: str = "my_*net*.keras") -> AppTest:
    at = opened("your_network")
    at.file_uploader(key="your-network-file").upload(name, data, "application/octet-stream").run()
    return at


def test_from_the_file_to_reading_and_forgetting() -> None:
    at = bring(network_files.keras())
    assert "which word has which id" in html_of(at)
    words = json.dumps({"good": 2, "film": 3, "bad": 4}).encode()
    at.file_uploader(key="your-words-file").upload("word_index.json", words, "application/json").run()
    (name,) = [key.key.removesuffix("-title") for key in at.text_input if str(key.key).endswith("-title")]
    at.number_input(key=f"{name}-maxlen").set_value(5)
    at.text_input(key=f"{name}-zero").set_value("ham")
    at.text_input(key=f"{name}-one").set_value("<b>spam</b>").run()
    at.text_input(key=f"{name}-sentence").set_value("Good film").run()
    assert at.code[-1].value == "[0, 0, 0, 2, 3]" or "[0, 0, 0, 2, 3]" in [code.value for code in at.code]
    at.text_area(key=f"{name}-pasted").set_value("[[5 6]]").run()
    assert "shifted by +3" in html_of(at)
    at.button(key="your-network-keep").click().run()
    assert not at.exception
    assert "P(b spam b)" in html_of(at)
    at.button(key=f"open-read-{name}").click().run()
    assert not at.exception
    assert at.session_state[keys.MODEL] == name
    assert "P(b spam b)" in html_of(at)
    at.switch_page("pages/your_network.py").run()
    at.button(key=f"forget-{name}").click().run()
    assert at.session_state[keys.BROUGHT] == {}


@pytest.mark.parametrize(
    "name",
    ["html_name.keras"]
    + [pytest.param(name, marks=pytest.mark.slow)
       for name in ("lambda.keras", "pickle.pkl", "zip_bomb.keras", "h5_external_link.keras")],
)  # fmt: skip
def test_a_hostile_file_is_answered_and_the_page_goes_on(name: str) -> None:
    at = bring(hostile.corpus()[name], name)
    assert not at.exception
    assert [warning.value for warning in at.warning] == ["The file is not read."]
    assert "<img" not in html_of(at)


def test_there_is_a_ceiling_for_all_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLLED_BROUGHT_MEGABYTES", "0")
    at = bring(network_files.keras())
    at.file_uploader(key="your-words-file").upload("w.json", b'{"good": 2}', "application/json").run()
    at.button(key="your-network-keep").click().run()
    assert any("Other visitors" in info.value for info in at.info)
    assert keys.BROUGHT not in at.session_state


def test_a_network_waits_where_there_is_no_room_and_is_read_then(monkeypatch: pytest.MonkeyPatch) -> None:
    room = work.gate()
    monkeypatch.setattr(work, "gate", lambda: Gate(1, -1, 1))
    at = bring(network_files.keras())
    assert [info.proto.title for info in at.info] == ["Busy"]
    monkeypatch.setattr(work, "gate", lambda: room)
    at.button(key="your-network-again").click().run()
    assert not at.exception
    assert not at.info and keys.BROUGHT_NOW in at.session_state
