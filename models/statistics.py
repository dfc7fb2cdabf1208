"""What evaluation figures hold, and what can be computed from them: chance, and where two models part. No reviews."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.compare import challenges

Array = np.ndarray
CONFUSION = ("true_positive", "false_positive", "true_negative", "false_negative")
FEW = 50  # below so many reviews a share says little
_95 = 1.96  # standard errors on each side that hold 95 % of chance
# Lists of rows: for each column what its value may be. "share?" may be null (a slice without reviews).
_ROWS: dict[str, dict[str, str]] = {
    "roc": {"false_rate": "share", "true_rate": "share"},
    "thresholds": {"threshold": "share", "accuracy": "share"},
    "by_length": {"from": "count", "to": "count", "reviews": "count", "accuracy": "share?"},
    "by_stars": {"stars": "count", "reviews": "count", "accuracy": "share?"},
    "by_share_read": {"share": "share", "reviews": "count", "accuracy": "share?"},
}
# The parts of "challenges": which kinds may stand in it, and its columns.
_CHALLENGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "pairs": (
        challenges.PAIRS,
        {"pairs": "count", "original_right": "share", "edited_right": "share", "both_right": "share"},
    ),
    "singles": (challenges.SINGLES, {"reviews": "count", "accuracy": "share"}),
    "swaps": (
        challenges.SWAPS,
        {"sentences": "count", "mean_spread": "share", "largest_spread": "share", "verdict_changes": "count"},
    ),
    "cuts": (challenges.CUTS, {"reviews": "count", "accuracy": "share"}),
}
_BIN = {"from": "share", "to": "share", "reviews": "count", "mean_probability": "share?", "positive": "share?"}


def scored_alike(figures: Mapping[str, Any], score: float) -> dict[str, Any] | None:
    """The calibration bin that a score of P(positive) falls into; None where there is none."""
    for bin_ in (figures.get("calibration") or {}).get("bins") or []:
        if bin_["from"] <= score < bin_["to"] or score == bin_["to"] == 1:
            return dict(bin_)
    return None


def check(figures: Any) -> dict[str, Any]:
    """The figures, if every part that is there is of the right kind; older files may lack parts.

    A damaged part "challenges" is made None, which leaves out its own panels only.

    Raises:
        ValueError: naming the first part that is not what it should be.
    """
    if not isinstance(figures, dict):
        raise ValueError("evaluation.json is not an object")
    _value(figures, "test_reviews", "count", "the figures")
    if not figures["test_reviews"]:
        raise ValueError("test_reviews is 0")
    for name, kind in (("accuracy", "share"), ("loss", "number"), ("auc", "share")):
        _value(figures, name, kind, "the figures")
    confusion = _part(figures, "confusion", dict)
    for name in CONFUSION:
        _value(confusion, name, "count", "confusion")
    if sum(confusion[name] for name in CONFUSION) != figures["test_reviews"]:
        raise ValueError("confusion does not add up to test_reviews")
    if "loss_deviation" in figures:
        _value(figures, "loss_deviation", "number", "the figures")
    if "without_duplicates" in figures:
        _table([figures["without_duplicates"]], {"reviews": "count", "accuracy": "share?"}, "without_duplicates")
    if "calibration" in figures:
        calibration = _part(figures, "calibration", dict)
        _value(calibration, "expected_calibration_error", "share", "calibration")
        _table(_part(calibration, "bins", list), _BIN, "calibration")
    for name, columns in _ROWS.items():
        if name in figures:
            _table(_part(figures, name, list), columns, name)
    for row in figures.get("thresholds", []):
        for name in ("true_positive", "false_positive"):
            if name in row:
                _value(row, name, "count", "thresholds")
    if "right_bits" in figures:
        right(figures)
    if "challenges" in figures:
        try:
            _challenges(_part(figures, "challenges", dict))
        except ValueError:
            figures["challenges"] = None
    return figures


def _challenges(found: Mapping[str, Any]) -> None:
    for part, (kinds, columns) in _CHALLENGES.items():
        if part == "cuts" and part not in found:
            continue  # the network has learnt from those reviews
        rows = _part(found, part, list)
        _table(rows, columns, part)
        if any(not isinstance(row.get("kind"), str) or row["kind"] not in kinds for row in rows):
            raise ValueError(f"{part} holds a kind that is not known")


def _part(figures: Mapping[str, Any], name: str, kind: type) -> Any:
    found = figures.get(name)
    if not isinstance(found, kind) or not found:
        raise ValueError(f"{name} is missing or not what it should be")
    return found


def _table(rows: Sequence[Any], columns: Mapping[str, str], where: str) -> None:
    for row in rows:
        if not isinstance(row, dict):
            raise ValueError(f"{where} holds something that is not a row")
        for name, kind in columns.items():
            # Only a slice without reviews may leave its share open.
            _value(row, name, kind.rstrip("?") if row.get("reviews") else kind, where)


def _value(row: Mapping[str, Any], name: str, kind: str, where: str) -> None:
    value: Any = row.get(name)
    if value is None and kind.endswith("?") and name in row:
        return
    fine = isinstance(value, int if kind == "count" else int | float) and not isinstance(value, bool)
    most = 1 if kind.startswith("share") else 2**53
    if not fine or not 0 <= value <= most:
        raise ValueError(f"{name} in {where} is missing or not what it should be")


def right(figures: Mapping[str, Any]) -> Array | None:
    """(test_reviews,) bool: whether the verdict on each test review was right; None where that was not kept.

    Raises:
        ValueError: if the bits are damaged, or tell another accuracy.
    """
    if "right_bits" not in figures:
        return None
    packed, n = figures["right_bits"], figures["test_reviews"]
    if not isinstance(packed, str):
        raise ValueError("right_bits is no text")
    bytes_ = np.frombuffer(base64.b64decode(packed, validate=True), np.uint8)
    if len(bytes_) != -(-n // 8):
        raise ValueError("right_bits is of another length than test_reviews")
    bits = np.unpackbits(bytes_, count=n).astype(bool)
    if int(bits.sum()) != round(n * figures["accuracy"]):
        raise ValueError("right_bits and accuracy do not agree")
    return bits


def margin(share: float, n: int) -> float:
    """± that chance allows a share of ``n`` reviews: half of the 95 % interval of a binomial share."""
    return _95 * math.sqrt(share * (1 - share) / n) if n else math.nan


def interval(share: float, n: int) -> tuple[float, float]:
    """What chance allows a share of ``n``, 95 % (Wilson 1927): it also holds for few texts, and at 0 and 1."""
    if not n:
        return 0.0, 1.0
    z = _95**2 / n
    middle, half = (share + z / 2) / (1 + z), math.sqrt(share * (1 - share) * z + z * z / 4) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)


def auc_margin(auc: float, positive: int, negative: int) -> float:
    """± that chance allows an AUC, 95 % (Hanley and McNeil 1982)."""
    if not positive or not negative:
        return math.nan
    first, second = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (positive - 1) * (first - auc * auc) + (negative - 1) * (second - auc * auc)
    return _95 * math.sqrt(max(0.0, variance) / (positive * negative))


def chance_calibration_error(bins: Sequence[Mapping[str, Any]]) -> float:
    """The calibration error that a perfectly calibrated model would show on as many reviews, on average.

    Each bin's share then strays from its mean probability by a mean of √(2p(1−p)/πn) (normal approximation).
    """
    total = sum(bin_["reviews"] for bin_ in bins)
    strays = [
        bin_["reviews"] * math.sqrt(2 * p * (1 - p) / (math.pi * bin_["reviews"]))
        for bin_ in bins
        if (p := bin_["mean_probability"]) is not None and bin_["reviews"]
    ]
    return sum(strays) / total if total else math.nan


def varies(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether accuracies of slices differ by more than chance lets them: χ² test of equal shares at 5 %.

    The critical value is Wilson and Hilferty's (1931), within 1 % of the exact one.
    """
    rows = [row for row in rows if row["reviews"]]
    freedom = len(rows) - 1
    n = sum(row["reviews"] for row in rows)
    share = sum(row["reviews"] * row["accuracy"] for row in rows) / n if n else 0.0
    if freedom < 1 or not 0 < share < 1:
        return False
    squares = sum(row["reviews"] * (row["accuracy"] - share) ** 2 for row in rows) / (share * (1 - share))
    ninth = 2 / (9 * freedom)
    return bool(squares > freedom * (1 - ninth + 1.645 * math.sqrt(ninth)) ** 3)


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two models say different things about the same test reviews; counts of reviews."""

    reviews: int
    only_first: int
    only_second: int
    both_wrong: int

    @property
    def disagreement(self) -> float:
        """Share of reviews with different verdicts, 0…1; one of the two is right on each."""
        return (self.only_first + self.only_second) / self.reviews

    @property
    def lead(self) -> float:
        """Accuracy of the first minus accuracy of the second, −1…1."""
        return (self.only_first - self.only_second) / self.reviews

    @property
    def margin(self) -> float:
        """± that chance allows ``lead``, 95 %: of paired verdicts only those that differ count (McNemar 1947)."""
        return _95 * math.sqrt(self.only_first + self.only_second) / self.reviews


def parting(first: Array, second: Array) -> Parting:
    """Compare right/wrong (n,) of two models on the same reviews in the same order.

    Raises:
        ValueError: if they judged another number of reviews.
    """
    if first.shape != second.shape or not len(first):
        raise ValueError("the two models judged other reviews")
    return Parting(
        len(first), int((first & ~second).sum()), int((~first & second).sum()), int((~first & ~second).sum())
    )


def unpaired_margin(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """± that chance allows the difference of two accuracies where the single verdicts were not kept, 95 %."""
    margins = (margin(figures["accuracy"], figures["test_reviews"]) for figures in (first, second))
    return math.hypot(*margins)
