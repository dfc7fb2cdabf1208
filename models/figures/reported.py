"""An accuracy that an article reports, and the one measured here."""

from __future__ import annotations

from dataclasses import dataclass

WITHIN = 3.0  # points: so close counts as reproduced


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure of one article; ``reported`` and ``measured`` in per cent, None where there is none."""

    model: str
    family: str
    quantity: str
    reported: float | None
    measured: float | None

    @property
    def difference(self) -> float | None:
        """Measured minus reported, in points."""
        if self.reported is None or self.measured is None:
            return None
        return self.measured - self.reported

    @property
    def within(self) -> bool | None:
        """Whether the figure is reproduced; None where there is nothing to compare."""
        return None if self.difference is None else abs(self.difference) <= WITHIN
