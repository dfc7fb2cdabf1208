"""A made-up dataset in the tree of the official one: our own short reviews, no word of anybody else's."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np

COUNTS = {"train": 80, "test": 20, "unsup": 60}

_SUBJECTS = ("The film", "The acting", "The music", "Every scene", "The story", "The camera work", "The dialogue")
_VERDICTS = {
    "pos": ("is wonderful", "was a joy", "is superb and warm", "moved me deeply", "is brilliant!"),
    "neg": ("is dreadful", "was a bore", "is dull and cold", "annoyed me deeply", "is terrible!"),
}
_ASIDES = (
    "I saw it on a Tuesday.",
    "It runs two hours.<br /><br />",
    "We watched it at home.",
    "There is a dog in it.",
)


def made_up_review(folder: str, number: int) -> str:
    """One review; "unsup" reviews are of either kind."""
    kind = folder if folder in _VERDICTS else ("pos", "neg")[number % 2]
    random = np.random.default_rng((number, sum(map(ord, folder))))
    sentences = []
    for _ in range(int(random.integers(2, 9))):
        sentences.append(f"{random.choice(_SUBJECTS)} {random.choice(_VERDICTS[kind])}.")
        if random.random() < 0.4:
            sentences.append(str(random.choice(_ASIDES)))
    return " ".join(sentences)


def make_folder(root: Path, counts: dict[str, int] = COUNTS) -> Path:
    """Write ``root/aclImdb`` with so many reviews; returns it."""
    top = root / "aclImdb"
    parts = {("train", "unsup"): counts["unsup"]}
    parts |= {(split, folder): counts[split] // 2 for split in ("train", "test") for folder in ("pos", "neg")}
    for (split, folder), count in parts.items():
        (top / split / folder).mkdir(parents=True)
        for number in range(count):
            stars = {"pos": 7 + number % 4, "neg": 1 + number % 4, "unsup": 0}[folder]
            review = made_up_review(folder, number + (500 if split == "test" else 0))
            (top / split / folder / f"{number}_{stars}.txt").write_text(review, encoding="utf-8")
    # Files the official archive has besides the reviews.
    (top / "README").write_text("about the data")
    (top / "imdb.vocab").write_text("the\nand\n")
    (top / "train" / "labeledBow.feat").write_text("9 0:9 1:1")
    (top / "train" / "urls_pos.txt").write_text("http://reviews.example/1\n")
    return top


def pack(folder: Path, archive: Path) -> Path:
    """The folder as ``.tar.gz`` or ``.tar.xz``, by the name's ending."""
    with tarfile.open(archive, "w:xz" if archive.suffix == ".xz" else "w:gz") as tar:
        tar.add(folder, folder.name)
    return archive
