"""A brought network on the shelf of one's own machine: its file as it was, its words, and a card of what is known.

The file is kept untouched and opened anew through the limited process (``safe_file.py``) whenever the network is taken
down, so that a file which was swapped meanwhile meets the checks that every stranger's file meets.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
import tempfile
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from models import artifacts, limited
from models.card import ModelCard
from models.errors import ArtifactError, ForeignNetworkError
from models.foreign.model import ForeignModel
from models.foreign.names import MOST_LABEL, MOST_TITLE, plain_name
from models.foreign.open import assemble, read_plan
from models.foreign.preparation import Preparation
from models.foreign.words import Words, checked
from models.wording import counted, percent

WORDS = "words.json"
_NETWORKS = ("model.keras", "model.h5")
# What a card tells of its network, and the network has to be.
_OF_THE_NETWORK = (
    "family", "bidirectional", "layers", "units", "embedding", "vocabulary", "max_timesteps", "parameters",
)  # fmt: skip
_MOST_TRIES = 1_000


def put(
    shelf: Path,
    model: ForeignModel,
    data: bytes,
    taken: tuple[str, ...] = (),
    measured: tuple[float, int] | None = None,
) -> str:
    """Put a network on the shelf, whole or not at all; its name there.

    Args:
        data: the file that the network was opened from.
        taken: titles that others have already; where one is the same, a number is added.
        measured: accuracy 0…1 on so many rows of a labelled file of its user's; None where nobody looked.

    Raises:
        OSError: if nothing can be written there.
    """
    title = _free_title(model.card.title, taken)
    network = _NETWORKS[0] if data.startswith(b"PK") else _NETWORKS[1]
    facts = _facts(model, title, len(data), measured)
    fresh = Path(tempfile.mkdtemp(prefix=".brought.", suffix=".unfinished", dir=shelf))
    try:
        (fresh / network).write_bytes(data)
        words = {"kind": model.words.kind, "ids": model.words.ids}
        (fresh / WORDS).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        (fresh / "README.md").write_text(_card_text(facts), "utf-8")
        artifacts.write_card(fresh, facts)
        fresh.chmod(0o755)
        return _moved(fresh, shelf, title)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def load(card: ModelCard) -> ForeignModel:
    """Take a network down again, by way of the same checks as when it was brought.

    Raises:
        ArtifactError: if a file is missing, damaged, or not the one its card describes.
    """
    network = _network(card)
    for file in (network, WORDS):
        artifacts.verify(card.folder, file, card.facts)
    try:
        words, preparation = _words(card), Preparation().changed(card.facts["preparation"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArtifactError(card.name, WORDS, f"it cannot be read ({type(error).__name__})") from error
    try:
        plan = read_plan(card.folder / network)
        zero, one = card.facts["labels"]
        model = assemble(plan, words, preparation, name=card.name, title=card.title, labels=(zero, one))
    except ForeignNetworkError as error:
        raise ArtifactError(card.name, network, error.reason) from error
    if any(getattr(card, field) != getattr(model.card, field) for field in _OF_THE_NETWORK):
        raise ArtifactError(card.name, "card.json", "it tells of another network than the one in its file")
    # What the pages and the workers tell networks apart by: the file together with its preparation.
    files = {**card.facts["files"], "model.keras": model.card.facts["files"]["model.keras"]}
    model.card = replace(card, facts={**card.facts, "files": files})
    return model


def stored(card: ModelCard) -> bytes:
    """The file of a network on the shelf, as it lies there now; whoever uses it compares its checksum.

    Raises:
        OSError, ValueError: if there is none, or it is too large.
    """
    return limited.content(card.folder / _network(card), limited.MOST_NETWORK)


def plainly_named(facts: dict[str, Any]) -> None:
    """Whether title and labels of a card are such as ``put`` writes: every page shows them.

    Raises:
        ValueError: if not.
    """
    labels = facts["labels"]
    plain = isinstance(labels, list) and len(labels) == 2 and all(plain_name(str(w), MOST_LABEL) == w for w in labels)
    if not plain or plain_name(str(facts["title"]), 2 * MOST_TITLE) != facts["title"]:
        raise ValueError("its title or its labels are not plain words")


def _network(card: ModelCard) -> str:
    return next((file for file in _NETWORKS if (card.folder / file).exists()), _NETWORKS[0])


def _words(card: ModelCard) -> Words:
    found = json.loads(limited.content(card.folder / WORDS).decode("utf-8"))
    ids = found["ids"]
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in ids.values()):
        raise ValueError("ids are whole numbers")
    return checked(Words(str(found["kind"])[:80], ids, Preparation()))


def _facts(model: ForeignModel, title: str, size: int, measured: tuple[float, int] | None) -> dict[str, Any]:
    card, raw = model.card, model.plan.raw
    return {
        "format": artifacts.FORMAT,
        "title": title,
        "order": card.order,
        "summary": "Brought in a file.",
        **{field: getattr(card, field) for field in _OF_THE_NETWORK},
        "unread_end": card.facts["unread_end"],
        "test_accuracy": None,
        "brought": True,
        "labels": list(model.labels),
        "preparation": asdict(model.preparation),
        "words": model.words.kind,
        "kinds": [kind for _, kind, _ in model.plan.summary],
        "file": {"bytes": size, "sha256": raw.sha256, "keras": raw.keras_version},
        "put_here": date.today().isoformat(),
        **({"measured": {"accuracy": measured[0], "rows": measured[1]}} if measured else {}),
    }


def _card_text(facts: dict[str, Any]) -> str:
    """The card for people; every word of it is ours, a number, or a name of letters and digits."""
    file, prepared = facts["file"], facts["preparation"]
    version = re.sub(r"[^\w.]", "", file["keras"])
    settings = {key: value for key, value in prepared.items() if key not in ("filters", "split") and value}
    phrases = [key if value is True else f"{key} {value}" for key, value in settings.items()]
    rows = [
        ("Layers", " → ".join(re.sub(r"\W", "", kind) for kind in facts["kinds"])),
        ("Parameters", f"{facts['parameters']:,}"),
        ("Says", f"P({facts['labels'][1]}); 0 is {facts['labels'][0]}"),
        ("Words", f"{counted(facts['vocabulary'], 'word')}, from {facts['words']}"),
        ("Texts prepared with", ", ".join(phrases)),
        ("File", f"{file['bytes'] / 1e6:,.1f} MB{f', saved by Keras {version}' if version else ''}"),
        ("SHA-256", f"`{file['sha256']}`"),
        ("Put here", facts["put_here"]),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    known = "How good it is was not measured here."
    if measured := facts.get("measured"):
        rows_read = counted(measured["rows"], "row")
        known = f"On a labelled file of its user’s it was right on {percent(measured['accuracy'], 1)} of {rows_read}."
    return f"""---
library_name: keras
pipeline_tag: text-classification
---

# {facts["title"]}

A network that was brought in a file.

| | |
|---|---|
{table}

{known} Its file does not tell what it was trained on, nor how.
"""


def _free_title(title: str, taken: tuple[str, ...]) -> str:
    found, number = title, 2
    while found in taken:
        found, number = f"{title} {number}", number + 1
    return found


def _moved(fresh: Path, shelf: Path, title: str) -> str:
    """Give a finished folder the first name that is free; two at once do not take the same."""
    ascii_title = title.lower().encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", ascii_title).strip("_")[:40].strip("_") or "network"
    for number in range(1, _MOST_TRIES):
        name = f"my_{slug}_{number}"
        if (shelf / name).exists():
            continue
        try:
            fresh.rename(shelf / name)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY):  # another one was quicker
                continue
            raise
        return name
    raise OSError(f"there is no free name like {slug!r} on the shelf")
