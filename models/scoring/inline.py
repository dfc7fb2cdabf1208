"""Labels inside lines of text: ``A lovely film.<tab>1``, ``__label__2 Great: a joy``, ``dull || negative``.

Read as words, such a label changes verdicts. So the form of the lines is looked for: a label of a known kind at one
end of them, and a mark between it and the text. What was understood is said and can be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.scoring.label_words import plain_label, side, speaks_for_itself
from models.scoring.labels import name_words, read_labels

Side = Literal["front", "back"]
WHOLE = "whole"  # the choice: every line is a review as it stands

_LONGEST = 40  # characters of a label
# Marks that no running text has; one line with them is enough to see the form.
_SURE = ("\t", "@@@", "||||", "|||", "||", "###", ":::", "::", "^^")
# Marks that running text has as well: every line must have a label there, and more than one kind of it.
_USUAL = ("|", ";", ",", " - ", ":", " ")
_FEWEST_USUAL, _FEWEST_DIGITS = 4, 20
_CERTAIN = re.compile(r"[-+−]?[01]|pos\w*|neg\w*|neutral|__label__\S+", re.IGNORECASE)
_HEADINGS = frozenset(
    "text review reviews sentence comment content phrase tweet label labels sentiment class target polarity rating "
    "stars score".split()
)
_NAMES = {"\t": "a tab", " ": "a blank", " - ": "a dash", ",": "a comma", ";": "a semicolon", ":": "a colon"}
_FASTTEXT = re.compile(r"\s*((?:__label__\S+[ ,\t]+)+)(.*)", re.DOTALL)
_DIGITS = re.compile(r"[-+−]?\d{1,2}(?:[.,]\d)?(?:\s*(?:/\s*\d{1,2}|stars?))?")


@dataclass(frozen=True, slots=True)
class Form:
    """How label and text stand in a line: the mark between them ("fasttext": labels with a prefix), and at which end.

    Attributes:
        header: the names of label and text in the file's first line, or None where that is a review too.
    """

    mark: str
    end: Side
    header: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """As a command names it: ``front tab``, ``back ||``, ``fasttext``."""
        return "fasttext" if self.mark == "fasttext" else f"{self.end} {_MARK_NAMES.get(self.mark, self.mark)}"

    @property
    def title(self) -> str:
        """As a page names it."""
        if self.mark == "fasttext":
            return "labels as fastText writes them"
        mark = _NAMES.get(self.mark, self.mark)
        return f"label, {mark}, text" if self.end == "front" else f"text, {mark}, label"

    def split(self, line: str) -> tuple[str, str]:
        """Label and text of a line; a line of another form is all text, without a label."""
        if self.mark == "fasttext":
            match = _FASTTEXT.fullmatch(line)
            return (match[1].strip(" ,\t"), match[2]) if match else ("", line)
        if self.mark not in line:
            return "", line
        if self.end == "front":
            label, _, text = line.lstrip().partition(self.mark)
        else:
            text, _, label = line.rstrip().rpartition(self.mark)
        sure = self.mark in _SURE
        if len(label.strip()) > _LONGEST or not (sure or _is_label(label)):
            return "", line
        return label.strip(), text.strip() if sure else text


_MARK_NAMES = {"\t": "tab", " ": "blank", ",": "comma", ";": "semicolon", ":": "colon", " - ": "dash", "|": "bar"}


def forms() -> dict[str, Form]:
    """Every form that can be asked for, by its name."""
    every = [Form("fasttext", "front")]
    every += [Form(mark, end) for mark in (*_SURE, *_USUAL) for end in ("front", "back")]
    return {form.name: form for form in every}


def find_form(lines: Iterable[str]) -> Form | None:
    """The form of the first lines of a text; None where they are reviews and nothing else."""
    filled = [line.strip("\r\n") for line in lines if line.strip("\ufeff \t\r\n")]
    if filled:
        filled[0] = filled[0].lstrip("\ufeff")
    if not filled:
        return None
    if sum(_FASTTEXT.fullmatch(line) is not None for line in filled) >= 0.9 * len(filled):
        return Form("fasttext", "front")
    for mark in (*_SURE, *_USUAL):
        for end in ("back", "front"):
            found = _fits(filled, Form(mark, end))
            if found is not None:
                return found
    return None


def columns(form: Form | None) -> tuple[str, ...]:
    """The names of what a line holds, in its order."""
    if form is None:
        return ("text",)
    label, text = form.header or ("label", "text")
    return (label, text) if form.end == "front" else (text, label)


def form_sentence(form: Form, without: int) -> str:
    """What was understood, in a sentence of our own; ``without``: how many lines have no label."""
    rest = f" {without:,} of them have none." if without else ""
    where = "begins" if form.end == "front" else "ends"
    if form.mark == "fasttext":
        return f"Each line begins with a label as fastText writes it; it is not read as words.{rest}"
    mark = _NAMES.get(form.mark, form.mark)
    return f"Each line {where} with a label, set apart by {mark}; it is not read as words.{rest}"


def _fits(lines: Sequence[str], form: Form) -> Form | None:
    """The form, with the names of a heading, if the lines have it."""
    sure = form.mark in _SURE
    header = _header(lines[0], form) if len(lines) > 1 and form.mark != " " else None
    body = lines[1:] if header else lines
    if not sure and len(body) < _FEWEST_USUAL:
        return None
    pairs = [form.split(line) for line in body]
    labelled = [label for label, text in pairs if label and _is_label(label) and text.strip()]
    if len(labelled) < (0.8 if sure else 1.0) * len(body):
        return None
    if read_labels(labelled, "label") is None:
        return None
    if not sure and not _surely(labelled):
        return None
    return Form(form.mark, form.end, header)


def _header(line: str, form: Form) -> tuple[str, str] | None:
    """The names of label and text, if the line has names there and no label."""
    if form.mark not in line:
        return None
    label, text = line.rpartition(form.mark)[::-2] if form.end == "back" else line.partition(form.mark)[::2]
    label, text = label.strip(), text.strip()
    named = all(re.fullmatch(r"[\w .-]{1,40}", part) and len(part.split()) <= 3 for part in (label, text))
    known = any(not _HEADINGS.isdisjoint(name_words(part)) for part in (label, text))
    return (label, text) if named and known and not (_is_label(label) or _is_label(text)) else None


def _surely(labels: Sequence[str]) -> bool:
    """Whether labels beside a mark that running text has too can be nothing else.

    Both sides are there, as 0 and 1 or in words that begin with ``pos`` and ``neg``; of other digits, as people end
    a review with, there must be many, a 0 among them.
    """
    plain = {label.strip().strip("()[]") for label in labels}
    if len(plain) < 2:
        return False
    if all(_CERTAIN.fullmatch(label) for label in plain):
        return True
    return len(labels) >= _FEWEST_DIGITS and "0" in plain and all(_DIGITS.fullmatch(label) for label in plain)


def _is_label(label: str) -> bool:
    """Whether it is a label: a small number, a star rating, or a word that says a side."""
    label = label.strip()
    if not label or len(label) > _LONGEST:
        return False
    if label.startswith("__label__") or _DIGITS.fullmatch(label.strip("()[]")):
        return True
    plain = plain_label(label)
    return speaks_for_itself(plain) or (side(plain) in ("positive", "negative", "neutral") and len(plain) > 1)
