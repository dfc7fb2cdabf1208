"""Training histories and their curves: exact numbers, and files of every wrong kind."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.about.cards import models_table
from components.training import curves_text, diagram, epoch_story
from components.training.charts.curves import colour, curves, points, symbol
from components.ui.theme import DARK, LIGHT, contrast
from models import histories
from models.catalog import list_models, read_card
from models.errors import ArtifactError
from models.history import files
from models.history.curves import curves_of
from models.history.run import HistoryError
from models.nn.summary import read_summary
from tests.histories import RUNS, made_up_shelf, put_run

CSV_LOGGER = b"epoch,accuracy,loss,val_accuracy,val_loss\n0,0.7,0.6,0.72,0.5\n1,0.8,0.4,0.78,0.45\n2,0.9,0.2,0.77,0.6\n"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_shelf(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def ours(shelf: Path) -> dict[str, histories.History]:
    return histories.collect(list_models(shelf))[0]


def test_saved_histories_are_read_as_written(ours):
    assert list(ours) == ["simple_rnn", "lstm", "gru", "best_bigru"]
    lstm = ours["lstm"]
    assert lstm.epochs == 3
    assert lstm.best == 1
    assert lstm.values["val_loss"].tolist() == [0.45, 0.30, 0.36]
    assert lstm.elapsed.tolist() == [90, 180, 270]
    assert lstm.steps.step.tolist() == [2, 4, 6, 8, 10, 12]
    assert lstm.steps.epoch_ends(3).tolist() == [4, 8, 12]
    assert [history.rank for history in ours.values()] == [0, 0, 0, 1]


@pytest.mark.parametrize("damage", ["missing", "cut", "binary", "empty", "changed"])
def test_a_damaged_history_disables_its_model_alone(tmp_path, damage):
    made_up_shelf(tmp_path)
    path = tmp_path / "lstm" / "history.csv"
    text = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": text[:70], "binary": b"\x80\x00\xff" * 50, "empty": b"", "changed": text + b"4,1,1,1,1,1,1\n"}[
                damage
            ]
        )
    found, damaged = histories.collect(list_models(tmp_path))
    assert list(found) == ["simple_rnn", "gru", "best_bigru"]
    assert [(error.model, error.file) for error in damaged] == [("lstm", "history.csv")]


def test_a_history_without_a_checksum_is_still_judged_by_its_content(tmp_path):
    folder = put_run(tmp_path, "gru")
    card = json.loads((folder / "card.json").read_text())
    del card["files"]
    (folder / "card.json").write_text(json.dumps(card))
    assert histories.saved(read_card(folder)).epochs == 2
    (folder / "history.csv").write_text("epoch,loss,accuracy,val_loss,val_accuracy\n1,0.5,0.7,0.4,0.8\n2,0.4\n")
    with pytest.raises(ArtifactError, match="gaps"):
        histories.saved(read_card(folder))


def test_damaged_steps_leave_the_epochs(tmp_path):
    folder = put_run(tmp_path, "gru")
    (folder / "steps.csv").write_text("nothing")
    card = read_card(folder)
    assert histories.saved(card).steps is None
    assert isinstance(histories.saved_steps(card), ArtifactError)


def test_curves_along_every_axis(ours):
    lstm = ours["lstm"]
    training, validation = curves_of(lstm, "accuracy", "epoch")
    assert training.y == pytest.approx([78, 86, 93])
    assert (validation.best, training.best) == (1, None)
    assert curves_of(lstm, "loss", "seconds")[1].x.tolist() == [90, 180, 270]
    training, validation = curves_of(lstm, "loss", "step")
    assert training.x.tolist() == [2, 4, 6, 8, 10, 12]
    assert validation.x.tolist() == [4, 8, 12]
    table = points([lstm], "loss", "step")
    assert list(table.columns) == ["run", "series", "epoch", "step", "loss_nats", "best_epoch"]
    assert table[table["best_epoch"]].to_dict("records") == [
        {"run": "LSTM", "series": "validation", "epoch": 2, "step": 8, "loss_nats": 0.3, "best_epoch": True}
    ]
    assert points([], "loss", "epoch").empty


def test_the_figure_draws_training_solid_validation_dashed_and_rings_the_best_epoch(ours):
    figure = curves(list(ours.values()), "loss", "epoch", LIGHT)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    assert {trace.line.dash for trace in lines[:4]} == {"solid"}
    assert {trace.line.dash for trace in lines[4:]} == {"dash"}
    rings = {trace.name: (trace.x[0], trace.y[0]) for trace in figure.data if trace.mode == "markers"}
    assert rings["best epoch of LSTM"] == (2, 0.30)
    assert rings["best epoch of GRU"] == (2, 0.32)
    named = [annotation.text for annotation in figure.layout.annotations]
    assert named[0] == "◯ Best: bidirectional GRU: epoch 1, 0.280"
    assert "◯ LSTM: epoch 2, 0.300" in named
    assert figure.layout.yaxis.title.text == "loss, nats"


def test_two_models_of_a_family_differ_in_shade_and_marker(ours):
    assert colour(ours["gru"], LIGHT) == LIGHT.families["GRU"]
    assert colour(ours["best_bigru"], LIGHT) != LIGHT.families["GRU"]
    assert symbol(ours["gru"]) != symbol(ours["best_bigru"])
    for palette in (LIGHT, DARK):
        for history in ours.values():
            assert contrast(colour(history, palette), palette.paper) >= 3


def test_the_gap_is_split_where_the_curves_cross(ours):
    figure = curves([ours["lstm"]], "loss", "epoch", LIGHT, gap=True)
    fills = {trace.name: trace for trace in figure.data if trace.fill == "toself"}
    assert set(fills) == {"overfitting: LSTM", "validation better: LSTM"}
    assert fills["overfitting: LSTM"].fillpattern.shape is None
    crossing = 2 + 0.05 / (0.05 + 0.16)  # the curves lie 0.05 apart at epoch 2, and 0.16 the other way at epoch 3
    assert np.isclose(fills["overfitting: LSTM"].x, crossing).any()
    assert not [t for t in curves([ours["lstm"]], "loss", "step", LIGHT, gap=True).data if t.fill == "toself"]


def test_a_title_with_markup_stays_text(ours):
    from dataclasses import replace

    hostile = replace(ours["gru"], title='<a href="http://a.example">x</a>')
    drawn = curves([hostile], "loss", "epoch", LIGHT).to_json()
    assert "<a href" not in json.loads(drawn)["layout"]["annotations"][0]["text"]
    assert "\\u003ca href" not in drawn
    assert "<a href" not in drawn


def test_sentences_read_the_numbers(ours):
    trio = [ours[name] for name in ("simple_rnn", "lstm", "gru")]
    assert curves_text.about_loss(trio) == (
        "Lowest validation loss: LSTM, 0.300 nats after epoch 2 of 3; GRU 0.320 (epoch 2 of 2), "
        "SimpleRNN 0.500 (epoch 2 of 2). "
        "Minutes of epochs to a loss of 0.500, which all reached: GRU 0.5, LSTM 1.5, SimpleRNN 2.0."
    )
    assert "rises to 0.360: overfitting" in curves_text.about_loss([ours["lstm"]])
    assert "might have gone on improving" in curves_text.about_loss([ours["gru"]])
    sizes = dict.fromkeys(ours, 2_500.0)
    assert curves_text.about_accuracy(trio, sizes) == (
        "Right verdicts on validation reviews at the best epoch: LSTM 88.0 %, GRU 87.0 %, SimpleRNN 78.0 %. "
        "The lead of 1.0 points is smaller than what chance moves: ±1.3 at 2,500 reviews."
    )
    assert "chance" not in curves_text.about_accuracy(trio, {})
    assert "LSTM 0.160 nats above" in curves_text.about_gap([ours["lstm"]])
    assert "no validation" in curves_text.about_loss([])


def test_the_table_of_runs(shelf, ours):
    table = curves_text.run_table(list_models(shelf), ours)
    lstm = table.set_index("model").loc["LSTM"]
    assert lstm["best_epoch"] == 2
    assert lstm["validation_accuracy"] == pytest.approx(88)
    assert lstm["minutes"] == pytest.approx(4.5)
    assert lstm["seed"] == 7
    assert table["test_accuracy"].isna().all()
    assert list(table["model"]) == [run[0] for run in RUNS.values()]
    cards = list_models(shelf)
    for card in cards:
        if card.name == "lstm":
            card.facts["training"] |= {"minutes": 4.0, "pretraining_minutes": 30.5}
    longer = curves_text.run_table(cards, ours)
    assert longer.set_index("model").loc["LSTM", "minutes"] == pytest.approx(35), "guessing words counts"
    assert curves_text.about_runs(longer).count("35.0 (LSTM)") == 1
    by_card = models_table(cards).set_index("Model")["Training minutes"]
    assert by_card["LSTM"] == pytest.approx(34.5), "in the other table as well"


@pytest.mark.parametrize("value", ["many", None, [4], True])
def test_the_table_of_models_leaves_out_what_a_card_does_not_tell(shelf, value):
    cards = list_models(shelf)
    cards[0].facts["training"]["minutes"] = value
    cards[0].facts["test"] = {"auc": value} if value else "lost"
    row = models_table(cards).iloc[0]
    assert np.isnan(row[["Training minutes", "AUC", "Calibration error"]].astype(float)).all()
    assert row["Parameters"] == cards[0].parameters
    assert models_table(()).empty


def story(card):
    """As a card with these facts is read for the first time; of each card that is done once."""
    return dict(epoch_story.story(replace(card)))


def test_the_story_leaves_out_what_the_card_does_not_tell(shelf):
    card = read_card(shelf / "lstm")
    paragraphs = story(card)
    assert "22,380 labelled" in paragraphs["Data"]
    assert "naive Bayes" in paragraphs["The teacher"]
    assert "70 %" in paragraphs["Early words"]
    assert "Texts turned round" not in paragraphs
    assert "Short opinions" not in paragraphs
    card.facts["training"] |= {"refined_after": 5, "short_opinions": 16_000, "share_kept": 0.5}
    paragraphs = story(card)
    assert "After epoch 5 it was also shown 16,000 opinions" in paragraphs["Short opinions"]
    assert "moved 50 % of the way" in paragraphs["Short opinions"]
    card.facts["recipe"]["parts_per_epoch"] = 30_000
    assert "30,000 pieces an epoch" in story(card)["Pieces of reviews"]
    card.facts["recipe"] |= {
        "sentences_per_epoch": 20_000,
        "negated_per_epoch": 6_000,
        "joined_per_epoch": 70,
        "mirrored_per_epoch": 9_000,
    }
    card.facts["recipe"]["teachers"] = ["naive_bayes", "best_bigru", "best_stacked"]
    paragraphs = story(card)
    for figure in ("20,000 single sentences", "6,000 more", "70 times", "9,000 labelled reviews"):
        assert figure in paragraphs["Texts turned round"]
    both = "A word-count model (naive Bayes), the network `best_bigru` and the network `best_stacked` gave"
    assert both in paragraphs["The teacher"]
    card.facts["recipe"] |= {"language_model_epochs": 2, "adversarial": 1.5, "teachers": []}
    card.facts["recipe"]["unlabelled_per_epoch"] = 10_000
    card.facts["training"]["unlabelled_reviews"] = 50_000
    paragraphs = story(card)
    assert "The teacher" not in paragraphs
    assert (
        "went 2 times through all texts, the 50,000" in paragraphs["The start"]
        and "hurts most" in paragraphs["The start"]
    )
    assert paragraphs["The start"].startswith("Before it was told a single verdict, its")
    card.facts["recipe"]["continues"] = "first_pretrained"
    taken_over = (
        "It started from what the earlier network `first_pretrained` had learnt. Before it learnt verdicts itself,"
    )
    assert story(card)["The start"].startswith(taken_over)
    card.facts["recipe"]["continues"] = "<b>"
    assert story(card)["The start"] == paragraphs["The start"]
    assert "guess the next word. Then" in paragraphs["The start"]
    card.facts["recipe"]["bidirectional"] = True
    assert "guess the next word (from the other end, the one before). Then" in story(card)["The start"]
    assert "10,000 reviews an epoch that nobody labelled are moved too" in paragraphs["The start"]
    card.facts["recipe"]["unlabelled_per_epoch"] = 0
    assert "are moved too" not in story(card)["The start"]
    for shift, expected in (
        (None, "divided by 1.30, so"),
        (0.001, "divided by 1.30, so"),
        (-0.2, "by 1.30 and moved by −0.20,"),
    ):
        card.facts["training"] |= {"temperature": 1.3, "shift": shift}
        assert expected in " ".join(story(card).values())
    card.facts["training"], card.facts["recipe"] = None, {"seed": "x", "teachers": 3}
    assert epoch_story.story(card) == []


def test_layers_and_parameters_without_keras(shelf):
    for name in RUNS:
        card = read_card(shelf / name)
        layers = read_summary(card.folder)
        assert sum(layer.parameters for layer in layers) == card.parameters
        assert "NotEqual" not in {layer.kind for layer in layers}
        assert layers[-1].shape == ("reviews", 1)
    assert layers[2].kind == "Bidirectional(GRU)"
    assert layers[2].shape == ("reviews", "words", 8)
    assert diagram.layer_table(layers)["output shape"].iloc[1] == "reviews × words × 3"
    drawn = diagram.svg(layers, "GRU", False, LIGHT)
    assert drawn.count("← h") == 3
    assert drawn.count(">verdict<") == 1
    assert drawn.count(">P<") == 0


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a zip"])
def test_a_damaged_network_has_no_layers(tmp_path, content):
    folder = put_run(tmp_path, "gru")
    (folder / "model.keras").unlink()
    if content is not None:
        (folder / "model.keras").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model\.keras"):
        read_summary(folder)


def same(data: bytes) -> None:
    values = files.runs(data)[0].values
    assert values["loss"].tolist() == [0.6, 0.4, 0.2]
    assert values["accuracy"] == pytest.approx([0.7, 0.8, 0.9])
    assert values["val_loss"].tolist() == [0.5, 0.45, 0.6]


def test_every_usual_way_to_write_a_history():
    text = CSV_LOGGER.decode()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        same(text.encode(encoding))
    same(text.replace("\n", "\r\n").encode())
    same(text.replace(",", "\t").encode())
    same(text.replace(",", ";").replace(".", ",").encode())
    same(text.upper().replace("ACCURACY", "ACC").encode())
    columns = {"loss": [0.6, 0.4, 0.2], "binary_accuracy": [70, 80, 90], "val_loss": [0.5, 0.45, 0.6]}
    same(json.dumps(columns).encode())
    same(json.dumps({"history": columns, "epoch": [0, 1, 2]}).encode())
    same(json.dumps({name: dict(enumerate(column)) for name, column in columns.items()}).encode())
    same(
        json.dumps([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]).encode(
            "utf-16"
        )
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        (b"epoch,acc\n0,0.5\n", "no column named loss"),
        (b"epoch,loss\n", "not one epoch"),
        (b"epoch,loss\n0,high\n1,\n2,nan\n", "not one number"),
        (b"loss\n" + b"1\n" * 2_001, "more than 2,000 epochs"),
        (b"loss\n" + b"1\n" * 300_000, "rows"),
        (b"loss," * 300, "columns"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b'{"loss": [1, 2', "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1, 2, 3]", "not an object"),
        (b'{"val_loss": [1]}', "no column named loss"),
        (b'{"loss": 3}', "no column"),
        (b'{"loss": [[1], {}, null, true]}', "not one number"),
    ],
)
def test_wrong_files_are_refused_with_a_reason(data, reason):
    with pytest.raises(HistoryError) as caught:
        histories.visitors_runs(data)
    assert reason in caught.value.reason


def test_what_the_file_says_is_never_in_the_reason():
    with pytest.raises(HistoryError) as caught:
        histories.visitors_runs(b"![x](http://a.example/p.png),<b>epoch\n1,2\n")
    assert "a.example" not in caught.value.reason
    assert "a.example" in caught.value.detail


def test_what_can_be_mended_is_noted():
    (history,) = histories.visitors_runs(b"epoch,loss,loss,accuracy\n0,0.5,9,50\n1,NaN,9,60\n2,oops,9,70\n3,0.2\n")
    assert np.isnan(history.values["loss"][1:3]).all()
    assert history.values["loss"][[0, 3]].tolist() == [0.5, 0.2]
    assert history.values["accuracy"][:3] == pytest.approx([0.5, 0.6, 0.7])
    assert history.best is None
    notes = " ".join(history.notes)
    assert "more than once" in notes
    assert "2 of 4 cells of loss" in notes
    assert "per cent" in notes
    figure = curves([history], "loss", "epoch", LIGHT)
    assert not figure.layout.annotations


@pytest.mark.parametrize("absurd", [b"1e999", b"-1e300", b"9" * 4_000])
def test_absurd_numbers_are_left_out(absurd):
    found = files.runs(b'{"loss": [' + absurd + b", 1, 2]}")[0]
    assert np.isnan(found.values["loss"][0])
    assert found.values["loss"][1:].tolist() == [1, 2]
    assert found.notes


def check_any(data: bytes) -> None:
    """Either a history whose figures can be drawn, or a HistoryError."""
    with contextlib.suppress(HistoryError):
        draw_all(histories.visitors_runs(data)[0])


def draw_all(history: histories.History) -> None:
    for quantity, along in (("loss", "epoch"), ("accuracy", "seconds")):
        curves([history], quantity, along, LIGHT, gap=True).to_json()
        points([history], quantity, along)
    curves_text.about_loss([history])
    curves_text.about_accuracy([history], {})
    curves_text.about_gap([history])


CELLS = st.sampled_from(["loss", "val_loss", "acc", "seconds", "1", "0.5", "-3", "1e300", "nan", "inf", '"', "", "x"])
KEYS = st.sampled_from(["loss", "val_loss", "accuracy", "history", "seconds", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
patiently = settings(deadline=None, max_examples=60)


@patiently
@given(st.binary(max_size=300))
@example(CSV_LOGGER)
@example(b"\xff\xfe")
@example(b"\xfe\xff\x00")
@example(b'loss\n"\n')
def test_no_bytes_raise_anything_but_our_own_error(data):
    check_any(data)


@patiently
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_no_table_raises_anything_but_our_own_error(rows, separator):
    check_any("\n".join([f"loss{separator}val_loss", *(separator.join(row) for row in rows)]).encode())
    check_any("\n".join(separator.join(row) for row in rows).encode())


@patiently
@given(JSON)
def test_no_json_raises_anything_but_our_own_error(content):
    check_any(json.dumps(content).encode())
    check_any(json.dumps({"loss": content, "val_loss": content}).encode())
