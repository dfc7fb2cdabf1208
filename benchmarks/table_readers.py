"""What of a damaged table is read: our reader of other people's files beside pandas, ``csv.Sniffer`` and a guesser.

    python -m benchmarks.table_readers [--files 200] [--write]

Tables of twenty reviews are made by chance, one row of each is damaged as people's files are, and counted is how many
of the other nineteen come back as they were written, and whether the damaged one comes at all. pandas' C engine is told
the separator, which the others find out. Then short files in several encodings: how many of their lines are read right.
Exits with 1 if our reader loses a row, or misreads one of an encoding that English reviews come in.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from benchmarks.report import put
from models.scoring.decoding import Lines
from models.scoring.tables import Table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-it-works.md"
ROWS = 20
WORDS = "the film was slow at first but in the end a wonderful story about music and love I would not miss it".split()
DAMAGES = (
    "nothing",
    "a quotation mark opened and never closed",
    "quotation marks inside a cell",
    "a separator in a text without quotation marks",
    "a cell missing",
    "a row in Latin-1, the rest in UTF-8",
)
Rows = list[list[str]]
ENGLISH = (
    "A slow start, but it grows on you.", "The café scene is a little too naïve.", "I don’t like “clever” films.",
    "It cost £20, and I’d pay it again.", "Dull – but it works…", "Señor Ruiz at his best, a tour de force.",
    "Über-long, and no masterpiece.", "Good film.",
)  # fmt: skip
# A name for people, the encoding, what is written in it, whether English reviews come in it.
TEXTS = (
    ("UTF-8", "utf-8", ENGLISH, True),
    ("UTF-16 without a mark", "utf-16-le", ENGLISH, True),
    ("Windows-1252 (Latin-1)", "cp1252", ENGLISH, True),
    ("UTF-8, then Windows-1252", "", ENGLISH, True),
    ("Mac Roman", "mac_roman", ENGLISH, False),
    ("Windows-1250, Polish", "cp1250", ("Świetny film, podobał mi się.", "Słaby i za długi.", "Nudny."), False),
    ("Windows-1251, Russian", "cp1251", ("Очень хороший фильм.", "Скучно, и слишком долго.", "Плохо."), False),
    ("GB18030, Chinese", "gb18030", ("这部电影非常好看。", "很无聊。", "我很喜欢。"), False),
)


def review(chance: random.Random) -> str:
    """A sentence or two of our own, with what makes a table hard to read in some of them."""
    text = " ".join(chance.choices(WORDS, k=chance.randrange(3, 14))).capitalize() + chance.choice(".! ").strip()
    if chance.random() < 0.3:
        text = text.replace(" ", ", ", 1)
    if chance.random() < 0.15:
        text = text.replace("film", '"film"')
    if chance.random() < 0.15:
        text = text.replace("wonderful", "naïve – café")
    return text.replace(" but", "\nbut", 1) if chance.random() < 0.05 else text


def made(damage: str, chance: random.Random) -> tuple[bytes, str, Rows, str]:
    """A damaged table: its bytes, its separator, the rows that are whole, and the number of the one that is not."""
    separator = chance.choice(",,,;\t|")
    rows = [[str(i), review(chance), chance.choice(("pos", "neg"))] for i in range(ROWS)]
    hit = chance.randrange(3, ROWS - 3)
    ragged = {
        "a quotation mark opened and never closed": [f"{hit}", '"A fine film', "neg"],
        "quotation marks inside a cell": [f"{hit}", '"He said "wow"', ' twice"', "neg"],
        "a separator in a text without quotation marks": [f"{hit}", "slow", " dull", " bad", "neg"],
        "a cell missing": [f"{hit}", "A fine film"],
        "a row in Latin-1, the rest in UTF-8": [f"{hit}", "A fine café", "neg"],
    }
    parts = [_line(["id", "review", "label"], separator).encode()]
    for place, row in enumerate(rows):
        if place == hit and damage in ragged:
            parts.append((separator.join(ragged[damage]) + "\n").encode("latin-1"))
        else:
            parts.append(_line(row, separator).encode())
    whole = [row for place, row in enumerate(rows) if place != hit or damage not in ragged]
    return b"".join(parts), separator, whole, str(hit)


def _line(row: Sequence[str], separator: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator="\n").writerow(row)
    return buffer.getvalue()


def ours(data: bytes, separator: str) -> Rows:
    """As the app reads it."""
    return list(Table(io.BytesIO(data), "reviews.csv").rows())


def by_pandas(data: bytes, separator: str) -> Rows:
    """pandas' C engine, told the separator and to go on after a row that it cannot read."""
    return _rows(pd.read_csv(io.BytesIO(data), sep=separator, on_bad_lines="skip", **_SETTINGS))


def by_pandas_python(data: bytes, separator: str) -> Rows:
    """pandas' Python engine, which finds out the separator and can be told to keep rows that are too long."""
    settings = {**_SETTINGS, "engine": "python"}
    return _rows(pd.read_csv(io.BytesIO(data), sep=None, on_bad_lines=lambda row: row, **settings))


_SETTINGS = {
    "header": None, "dtype": str, "keep_default_na": False, "na_filter": False, "encoding_errors": "replace",
}  # fmt: skip


def _rows(frame: pd.DataFrame) -> Rows:
    return [[str(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]


def by_sniffer(data: bytes, separator: str) -> Rows:
    """Python's reader with the dialect that ``csv.Sniffer`` finds."""
    text = data.decode("utf-8", "replace")
    return list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text)))


READERS: dict[str, Callable[[bytes, str], Rows]] = {
    "ours": ours, "pandas, C": by_pandas, "pandas, Python": by_pandas_python, "`csv.Sniffer`": by_sniffer,
}  # fmt: skip


def tables(files: int) -> tuple[list[str], bool]:
    """The lines of the table on damaged rows, and whether our reader lost none."""
    lines = ["| damaged in a table of 20 rows | " + " | ".join(READERS) + " |", "|---" * (1 + len(READERS)) + "|"]
    kept_all = True
    for damage in DAMAGES:
        cells = []
        for name, reader in READERS.items():
            whole = kept = came = 0
            for seed in range(files):
                data, separator, rows, hit = made(damage, random.Random(f"{damage} {seed}"))
                whole += len(rows)
                try:
                    found = reader(data, separator)
                except (ValueError, csv.Error):  # what pandas cannot parse is a ValueError
                    continue
                have = Counter(map(tuple, found))
                kept += sum(have[tuple(row)] > 0 for row in rows)
                came += any(row and row[0] == hit for row in found)
            if name == "ours":
                kept_all &= kept == whole and came == files
            cells.append(f"{kept / whole:.1%}" + ("" if damage == "nothing" else f", {came / files:.0%}"))
        lines.append(f"| {damage} | " + " | ".join(cells) + " |")
    return lines, kept_all


def encodings(files: int) -> tuple[list[str], bool]:
    """The lines of the table on encodings, and whether ours are right where English reviews come in them."""
    from charset_normalizer import from_bytes

    lines, all_right = ["| files of 20 lines in | ours | charset-normalizer |", "|---|---|---|"], True
    for title, encoding, texts, english in TEXTS:
        ours_right = theirs_right = 0
        for seed in range(files):
            text = "".join(f"{line}\n" for line in random.Random(seed).choices(texts, k=ROWS))
            data = text.encode(encoding) if encoding else text.encode() + text.encode("cp1252")
            wanted = text if encoding else 2 * text
            ours_right += "".join(Lines(io.BytesIO(data))) == wanted
            best = from_bytes(data).best()
            theirs_right += best is not None and data.decode(best.encoding, "replace") == wanted
        all_right &= ours_right == files or not english
        lines.append(f"| {title} | {ours_right / files:.0%} | {theirs_right / files:.0%} |")
    return lines, all_right


def main() -> int:
    """Print both tables; returns 1 if our reader lost a row or misread one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table_readers", description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=200, help="of every kind of damage")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    (damaged, kept), (read, right) = tables(options.files), encodings(options.files)
    content = "\n".join([*damaged, "", *read])
    print(content)
    if options.write:
        put(PAGE, "table readers", content)
    return 0 if kept and right else 1


if __name__ == "__main__":
    sys.exit(main())
