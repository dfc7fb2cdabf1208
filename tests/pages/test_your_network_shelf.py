"""A brought network put on the shelf of one's own machine: from the page, read with after a restart, removed again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.session import keys
from models.catalog import PRETRAINED, list_models
from models.foreign import shelf as brought
from models.foreign.model import ForeignModel
from models.jobs.keras_check import Agreement, CheckFailed, Difference
from tests import network_files, small_networks
from tests.screen import html_of, opened

TEXT = "The film was not good, a great plot and a bad film"
WORDS = json.dumps({"good": 2, "film": 3, "bad": 4}).encode()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf with the trio on it, on a machine where trainings are on."""
    monkeypatch.setenv("UNROLLED_SHELF", str(tmp_path))
    monkeypatch.setenv("UNROLLED_TRAINING", "1")
    for name in ("simple_rnn", "lstm", "gru"):
        (tmp_path / name).symlink_to(PRETRAINED / name)
    return tmp_path


def brought_and_kept() -> tuple[AppTest, str]:
    at = opened("your_network")
    network, kind = network_files.keras(), "application/octet-stream"
    at.file_uploader(key="your-network-file").upload("mails.keras", network, kind).run()
    at.file_uploader(key="your-words-file").upload("word_index.json", WORDS, "application/json").run()
    (name,) = [str(key.key).removesuffix("-title") for key in at.text_input if str(key.key).endswith("-title")]
    at.text_input(key=f"{name}-zero").set_value("ham")
    at.text_input(key=f"{name}-one").set_value("spam").run()
    at.button(key="your-network-keep").click().run()
    return at, name


def test_put_on_the_shelf_and_removed_again(shelf: Path) -> None:
    at, name = brought_and_kept()
    p = float(at.session_state[keys.BROUGHT][name].predict([TEXT])[0])
    at.button(key=f"shelve-{name}").click().run()
    assert not at.exception
    assert at.session_state[keys.BROUGHT] == {}
    assert [card.name for card in list_models(shelf)][-1] == "my_mails_1"
    assert "P(spam), 0 is ham" in html_of(at) and "my_mails_1" in html_of(at)
    # Another visit, as after a restart.
    at = opened("read", {keys.MODEL: "my_mails_1", keys.REVIEW: TEXT, keys.EXAMPLE: None})
    assert "P(spam)" in html_of(at) and f"{p:.2f}" in html_of(at) and "P(positive)" not in html_of(at)
    at.switch_page("pages/about.py").run()
    at.pills(key="about_card").set_value("my_mails_1").run()
    assert not at.exception
    assert any("Embedding → LSTM → Dense" in part.value for part in at.markdown)
    at.switch_page("pages/your_network.py").run()
    at.button(key="removed-my_mails_1").click().run()
    assert not at.exception
    assert not (shelf / "my_mails_1").exists()
    assert keys.MODEL not in at.session_state or at.session_state[keys.MODEL] != "my_mails_1"


@pytest.mark.parametrize(
    "page",
    # In the quick lane the two pages that tell of trainings and tests, of which nothing is known here.
    ["training", "evaluation"]
    + [pytest.param(page, marks=pytest.mark.slow) for page in ("inside", "compare", "batch", "lessons", "letters")],
)
def test_every_page_with_it_after_a_restart(page: str, shelf: Path) -> None:
    name = brought.put(shelf, small_networks.model("two directions"), small_networks.KINDS["two directions"][0])
    state = {
        keys.MODEL: name, keys.REVIEW: TEXT, keys.EXAMPLE: None, keys.COMPARE_MODELS: [name, "lstm"],
        keys.BATCH_MODELS: [name],
    }  # fmt: skip
    at = opened(page, state)
    if page == "training":
        assert not any("Mine" in option for option in at.pills(key="runs").options)
        assert not any("missing or damaged" in warning.value for warning in at.warning)
    if page == "evaluation":
        assert not any("Mine" in option for option in at.pills(key="judged").options)
        assert "Mine: nothing was measured" in html_of(at)
    if page == "inside":
        assert "P(spam)" in html_of(at)


def test_a_hosted_page_never_offers_it(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought.put(shelf, small_networks.model("LSTM"), small_networks.KINDS["LSTM"][0])
    monkeypatch.delenv("UNROLLED_TRAINING")
    at, name = brought_and_kept()
    assert not [button.key for button in at.button if str(button.key).startswith(("shelve-", "removed-"))]
    assert at.session_state[keys.BROUGHT][name].file is None


def proof_of(at: AppTest) -> AppTest:
    """Inside with the model at hand, its panel of proof open."""
    at.session_state[keys.REVIEW] = TEXT
    at.session_state["check-section"] = True
    at.switch_page("pages/inside.py").run()
    assert not at.exception
    return at


def test_nothing_runs_before_the_press(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Difference("P(spam)", 3e-8, 1)
    asked: list[ForeignModel] = []

    def ask(model: ForeignModel, *_: object) -> Agreement:
        asked.append(model)
        if len(asked) > 1:
            raise CheckFailed("unopened")
        return Agreement(0.5, (ours,), 0.4)

    monkeypatch.setattr("models.foreign.proof.against_tensorflow", ask)
    monkeypatch.setattr("components.inside.keras_check.installed", lambda: True)
    at, name = brought_and_kept()
    at.session_state[keys.MODEL] = name
    at.session_state[keys.KERAS_ASKED] = ("lstm", "", TEXT)  # pressed beside another network, and never shown
    at = proof_of(at)
    assert not asked
    assert "with safe_mode=True" in html_of(at) and "whose maker you trust" in html_of(at)
    at.session_state["check-section"] = True
    at.button(key="check").click().run()
    assert not at.exception
    assert [model.card.name for model in asked] == [name] and asked[0].file is not None
    assert any("agrees to 3·10⁻⁸" in part.value for part in at.markdown)
    assert "with Keras" in html_of(at) and "P(positive)" not in html_of(at)
    at.session_state["check-section"] = True
    at.button(key="check").click().run()
    assert not at.exception
    assert ["Keras could not open this file" in warning.value for warning in at.warning] == [True]


def test_on_a_hosted_page_there_is_no_button(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNROLLED_TRAINING")
    at, name = brought_and_kept()
    at.session_state[keys.MODEL] = name
    at = proof_of(at)
    assert "check" not in [button.key for button in at.button]
    assert "TensorFlow is not let near a file" in html_of(at)
