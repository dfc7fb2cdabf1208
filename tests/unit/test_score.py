"""The command: the same numbers as the model's, the same file after an interruption, bounded memory, plain refusals."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load_model
from models.examples import EXAMPLES
from models.score import main
from models.scoring import streaming
from models.scoring.decoding import TableError
from models.scoring.scoring import PARTED, UNSCORED, Scores, score, verdicts
from models.scoring.streaming import Progress, Task, UnfinishedRun, score_file
from models.threads import one_blas_thread

ROOT = Path(__file__).resolve().parents[2]
AWKWARD = ["", "?!", "None", "=1+1 good", "two\nlines", "naïve “quotes”, commas", "x" * 5_000, "word " * 400]


@pytest.fixture
def models(tiny_shelf: Path):
    return tuple(load_model(name, tiny_shelf) for name in ("gru", "lstm"))


def written(path: Path, rows: int = 230) -> list[str]:
    """A CSV of ``rows`` reviews, some of them awkward; returns the reviews."""
    texts = [EXAMPLES[i % len(EXAMPLES)].text[: 20 + 7 * (i % 40)] for i in range(rows)]
    texts[5 : 5 + len(AWKWARD)] = AWKWARD
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "review", "note"])
        writer.writerows([i, text, f"n{i}"] for i, text in enumerate(texts))
    return texts


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def small_chunks(monkeypatch: pytest.MonkeyPatch, rows: int = 16) -> None:
    monkeypatch.setattr(streaming, "CHUNK_ROWS", rows)


def test_the_probabilities_are_those_of_predict_and_nothing_is_lost(tmp_path, tiny_shelf, models, capsys):
    texts = written(tmp_path / "a.csv")
    command = [str(tmp_path / "a.csv"), "--model", "gru", "--model", "lstm", "--shelf", str(tiny_shelf)]
    assert main([*command, "--output", str(tmp_path / "b.csv")]) == 0
    rows = read(tmp_path / "b.csv")
    assert list(rows[0]) == [
        "id", "review", "note", "p_positive_gru", "p_positive_lstm", "verdict", "tokens", "unknown_share_gru",
        "unknown_share_lstm", "note_2",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == [str(i) for i in range(len(texts))]
    assert [row["note"] for row in rows] == [f"n{i}" for i in range(len(texts))]
    for model in models:
        scored = np.array([float(row[f"p_positive_{model.card.name}"] or "nan") for row in rows])
        np.testing.assert_allclose(scored, model.predict(texts), atol=2e-6)
    for row, text in zip(rows, texts, strict=True):
        assert row["review"] == ("'" + text if text.startswith("=") else text)
        assert (row["verdict"] == UNSCORED) == (text in ("", "?!"))
    assert [rows[5]["note_2"], rows[6]["note_2"]] == ["the cell is empty", "there is no word in it"]
    assert rows[12]["note_2"] == "only the first 300 of 400 words were read"
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.parametrize("chunks", [1, 3, 14])
def test_interrupted_and_resumed_is_the_same_to_the_last_byte(tmp_path, models, monkeypatch, chunks):
    small_chunks(monkeypatch)
    written(tmp_path / "a.csv")
    whole = Task(tmp_path / "a.csv", tmp_path / "whole.csv", models)
    halves = Task(tmp_path / "a.csv", tmp_path / "halves.csv", models)
    score_file(whole)
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == chunks:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(halves, stop)
    assert not halves.output.exists()
    with (tmp_path / "halves.csv.part").open("ab") as part:
        part.write(b"half a row that was never sett")
    again: list[Progress] = []
    assert score_file(halves, again.append) == 230
    assert again[0].before == 16 * chunks
    assert halves.output.read_bytes() == whole.output.read_bytes()
    assert not list(tmp_path.glob("*.part*"))


def test_an_unfinished_run_of_something_else_is_not_mixed_in(tmp_path, models, monkeypatch):
    small_chunks(monkeypatch)
    written(tmp_path / "a.csv")

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_file(Task(tmp_path / "a.csv", tmp_path / "b.csv", models), stop)
    other = Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1])
    with pytest.raises(UnfinishedRun, match="--restart"):
        score_file(other)
    assert score_file(Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1], restart=True)) == 230
    assert "p_positive_lstm" not in read(tmp_path / "b.csv")[0]


def test_a_damaged_checkpoint_means_beginning_anew(tmp_path, models, monkeypatch):
    small_chunks(monkeypatch)
    written(tmp_path / "a.csv")
    (tmp_path / "b.csv.part").write_bytes(b"whatever")
    (tmp_path / "b.csv.part.json").write_text("{")
    assert score_file(Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1])) == 230
    assert len(read(tmp_path / "b.csv")) == 230


def test_memory_does_not_grow_with_the_file(tmp_path, models, monkeypatch):
    small_chunks(monkeypatch, 64)
    peaks = []
    for rows in (256, 2_560):
        written(tmp_path / "a.csv", rows)
        tracemalloc.start()
        score_file(Task(tmp_path / "a.csv", tmp_path / f"{rows}.csv", models[:1]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0] + 200_000


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"", [], "empty"),
        (b"PK\x03\x04" + bytes(99), [], "zip"),
        (b"id,review\n", [], "no rows"),
        (b"a,b\n1,2\n3,4\n", ["--header"], "No column of it has text"),
        (b"id,review\n1,good film\n", ["--column", "text"], "no column of that name"),
        (b"t,t\ngood film,bad film\n", ["--column", "t"], "More than one column"),
        (b"id,review\n1,good film\n", ["--model", "nobody"], "no model named 'nobody'"),
        (b"id,review\n1,good film\n", ["--output", "NOWHERE/b.csv"], "no folder"),
        (b"id,review\n1,good film\n", ["--output", "SOURCE"], "a file of its own"),
        (b"id,review\n1,good film\n", ["--output", "b.xlsx"], "the result is CSV"),
    ],
)
def test_bad_input_is_refused_in_one_line_with_status_2(tmp_path, tiny_shelf, capsys, content, options, says):
    source = tmp_path / "a.csv"
    source.write_bytes(content)
    options = [str(source) if option == "SOURCE" else option for option in options]
    usual = [str(source), "--model", "gru", "--shelf", str(tiny_shelf), "--output", str(tmp_path / "b.csv")]
    assert main([*usual, *options]) == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert printed.count("\n") == 1
    assert not list(tmp_path.glob("b.csv*"))


def test_a_missing_file_is_said(tmp_path, capsys):
    assert main([str(tmp_path / "none.csv"), "--model", "gru", "--output", str(tmp_path / "b.csv")]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_columns_can_be_named_or_numbered(tmp_path, models):
    (tmp_path / "a.csv").write_text("review,other\ngood,awful bad terrible\n")
    for column, text in (("other", "awful bad terrible"), ("2", "awful bad terrible"), (None, "good")):
        score_file(Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1], column=column))
        scored = float(read(tmp_path / "b.csv")[0]["p_positive_gru"])
        assert scored == pytest.approx(float(models[0].predict([text])[0]), abs=2e-6)


def test_json_lines_and_text_are_scored_too(tmp_path, models):
    (tmp_path / "a.jsonl").write_text('{"review": "good", "n": 1}\n{"review": 3}\nbroken\n')
    score_file(Task(tmp_path / "a.jsonl", tmp_path / "b.csv", models[:1]))
    assert [row["note"] for row in read(tmp_path / "b.csv")] == [
        "", "the value is not text", "this line cannot be read as JSON",
    ]  # fmt: skip
    (tmp_path / "a.txt").write_text("good\n\nbad film\n")
    score_file(Task(tmp_path / "a.txt", tmp_path / "c.csv", models[:1]))
    assert [row["text"] for row in read(tmp_path / "c.csv")] == ["good", "", "bad film"]


def test_the_command_runs_by_itself_without_tensorflow(tmp_path, tiny_shelf):
    written(tmp_path / "a.csv", 30)
    program = (
        "import sys; from models.score import main; status = main(sys.argv[1:]);"
        "assert not {'tensorflow', 'keras', 'streamlit', 'pandas'} & set(sys.modules); sys.exit(status)"
    )
    options = ["--model", "gru", "--shelf", str(tiny_shelf), "--output", str(tmp_path / "b.csv")]
    command = [sys.executable, "-c", program, str(tmp_path / "a.csv"), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("30 rows are in ")


def test_a_checkpoint_never_holds_a_review(tmp_path, models, monkeypatch):
    small_chunks(monkeypatch)
    texts = written(tmp_path / "a.csv")
    found: list[str] = []
    task = Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1])
    score_file(task, lambda _: found.append((tmp_path / "b.csv.part.json").read_text()))
    assert set(json.loads(found[0])) == {"rows", "bytes", "seen", "settings"}
    assert texts[0] not in "".join(found)


def test_scoring_agrees_with_predict_and_counts_tokens(models):
    texts = [example.text for example in EXAMPLES] + ["zzzz qqqq", ""]
    scores = score(models, texts)
    for model in models:
        np.testing.assert_array_equal(scores.probabilities[model.card.name], model.predict(texts))
    assert scores.tokens[-1] == 0
    assert scores.unknown["gru"][-2] == 1
    assert scores.tokens[0] == len(models[0].vocabulary.tokenize(texts[0]))


def test_verdicts():
    p = {"a": np.array([0.5, 0.49, 0.49, 0.49], "f4"), "b": np.array([0.9, 0.2, 0.7, np.nan], "f4")}
    scores = Scores(p, np.ones(4, int), p, [""] * 4)
    assert verdicts(scores).tolist() == ["positive", "negative", PARTED, UNSCORED]
    assert verdicts(scores, ("no", "yes")).tolist() == ["yes", "no", PARTED, UNSCORED]


def test_one_thread_serves_numpys_products():
    assert one_blas_thread() == one_blas_thread()


def test_a_file_without_rows_leaves_nothing_behind(tmp_path, models):
    (tmp_path / "a.csv").write_text("review\n")
    with pytest.raises(TableError):
        score_file(Task(tmp_path / "a.csv", tmp_path / "b.csv", models[:1]))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
