"""A training's working folder, and what of it goes on the shelf."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import keras

from models import artifacts
from models.training.data.corpus import Corpus
from models.training.data.review_table import origin_sentence
from models.training.recipe import Article, Recipe
from models.training.report.growth import write_growth


class InUse(Exception):
    """Another process is at work in the same folder."""


@contextmanager
def alone_in(folder: Path) -> Iterator[Path]:
    """Make the folder and hold it: two processes that resume one training would write over each other's state.

    By ``flock``, as ``models.jobs.training_job`` has to: freed when the process ends, however it ends.

    Raises:
        InUse: if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"another process is training in {folder}; wait for it, or stop it first") from None
        yield folder


def run_folder(recipe: Recipe | Article, corpus: Corpus, work: Path) -> Path:
    """Where a training keeps its state: named by settings, data and opinions taught, so only the very same resumes."""
    for_people = ("title", "order", "summary", "reported", "chosen")  # words for people, which change no weight
    settings = {name: value for name, value in recipe.as_dict().items() if name not in for_people}
    if settings.get("teachers"):
        settings["opinions"] = hashlib.sha256(corpus.unlabelled.labels.tobytes()).hexdigest()
    mark = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
    return work / "runs" / f"{recipe.name}-{mark}-{corpus.fingerprint}"


def whole_folder(recipe: Recipe, work: Path, limit: int | None) -> Path:
    """Where the finished network of a recipe lies that a last stage goes on from: named by all settings."""
    settings = json.dumps({**recipe.as_dict(), "limit": limit}, sort_keys=True)
    return work / "whole" / hashlib.sha256(settings.encode()).hexdigest()[:12] / recipe.name


def epochs_done(backup: Path) -> int:
    """How many epochs a ``BackupAndRestore`` folder has seen the end of."""
    state = backup / "training_metadata.json"
    return int(json.loads(state.read_text())["epoch"]) if state.exists() else 0


def put_on_shelf(
    recipe: Recipe | Article,
    corpus: Corpus,
    network: keras.Model,
    run: Path,
    out: Path,
    notes: Mapping[str, object],
    before: Path | None = None,
) -> Path:
    """Put the finished model on the shelf in one move, so that a half-written folder is never seen.

    Args:
        notes: for the card's "training"; ``best_epoch``, the kept one, must be among them.
        before: folder of the finished network that this one goes on from.
    """
    folder = out / recipe.name
    fresh = out / f".{recipe.name}.unfinished"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    network.save(fresh / "model.keras")
    corpus.vocabulary.save(fresh / "vocabulary.txt")
    for name in ("history.csv", "steps.csv"):
        shutil.copy(run / name, fresh / name)
    history = artifacts.read_history(run / "history.csv")
    kept = history[history.epoch == notes["best_epoch"]].iloc[0]
    card = {
        "format": artifacts.FORMAT,
        "name": recipe.name,
        "title": recipe.title,
        "family": recipe.family,
        "order": recipe.order,
        "summary": f"{recipe.summary} {origin_sentence(corpus.origin)}".strip() if corpus.origin else recipe.summary,
        "bidirectional": recipe.bidirectional,
        "layers": len(recipe.units),
        "units": list(recipe.units),
        "embedding": recipe.embedding,
        "vocabulary": len(corpus.vocabulary),
        "max_timesteps": recipe.max_timesteps,
        "unread_end": recipe.unread_end,
        "parameters": network.count_params(),
        "output": "probability",
        "readout": list(recipe.readout),
        "recipe": recipe.as_dict(),
        "training": {
            "reviews": len(corpus.training),
            "validation_reviews": len(corpus.validation),
            "unlabelled_reviews": len(corpus.unlabelled),
            "epochs": len(history),
            "validation_accuracy": float(kept.val_accuracy),
            "validation_loss": float(kept.val_loss),
            "minutes": round(float(history.seconds.sum()) / 60, 1),
            "machine": f"{artifacts.processor_name()}, {os.cpu_count()} cores",
            "versions": {"python": platform.python_version(), "keras": keras.__version__, **artifacts.versions()},
            **({"dataset": asdict(corpus.origin)} if corpus.origin else {}),
            **notes,
        },
    }
    if before and (seeds := artifacts.read_card(before).get("seeds")):
        card["seeds_before_last_stage"] = seeds
    artifacts.write_card(fresh, card)
    write_growth(fresh, run, before)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder
