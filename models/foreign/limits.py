"""The ceilings for a network that somebody brings. Defaults and their environment variables: ``models/settings.py``."""

from __future__ import annotations

from dataclasses import dataclass

from models import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have.

    Attributes:
        work: how many billion multiplications one text may cost.
        seconds: how long taking it apart may take.
        memory: how many MB that may take.
    """

    megabytes: int
    parameters: int
    words: int
    layers: int
    units: int
    timesteps: int
    work: int
    seconds: int
    memory: int
    letters: int = 200  # of one word of a vocabulary

    @property
    def bytes(self) -> int:
        """Size of the file, in bytes."""
        return self.megabytes * settings.MB


def limits() -> Limits:
    """The ceilings that are in force."""
    return Limits(
        megabytes=settings.value("network_megabytes"),
        parameters=settings.value("network_parameters"),
        words=settings.value("network_words"),
        layers=settings.value("network_layers"),
        units=settings.value("network_units"),
        timesteps=settings.value("network_timesteps"),
        work=settings.value("network_work"),
        seconds=settings.value("network_seconds"),
        memory=settings.value("network_memory"),
    )
