"""One training at a time, in a process of its own: started, watched and stopped through a folder.

All that is known of a training lies in the folder, so any session, and a server that was started later, finds it.
The child holds a lock on a file for as long as it lives: the lock, not the number in ``pid``, says that it runs, and
a number that another process has got since is never signalled. It is the system's own ``flock``, for the child gets it
with the open file as it is started; filelock hands no lock on, and knows no shared one for those who only ask.

``lock``, ``pid``, ``job.json`` (what was asked for), ``log.txt`` (what the child says), ``run/`` (its working folder).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from models import artifacts
from models.jobs import dataset
from models.jobs.gate import gate
from models.jobs.job import Job, Reason, Status, WorkshopError
from models.training.data import imdb
from models.training.recipe import Article, Recipe
from models.training.recipes import RECIPES

MOST_UNITS, MOST_EPOCHS, FEWEST_REVIEWS, MOST_REVIEWS = 256, 50, 50, 25_000
ARCHIVE_BYTES = 84_125_825
_ROOT = Path(__file__).resolve().parents[2]
_OWN = re.compile(r"my_[a-z0-9_]{1,50}_[0-9]{1,6}")
_SAYS_WHY = re.compile(r"models\.train: |[\w.]*(Error|Exception|Interrupt)\b")
_NICENESS = 10
_PATIENCE = 5.0  # seconds between asking a process to end and ending it


class Workshop:
    """The trainings of one shelf.

    Args:
        shelf: where finished networks go.
    """

    def __init__(self, shelf: Path) -> None:
        self.shelf = shelf.resolve()
        key = hashlib.sha256(str(self.shelf).encode()).hexdigest()[:12]
        self.folder = artifacts.WORK / "workshop" / key

    def status(self) -> Status | None:
        """The training or download that runs, or the last one until it is dismissed; None if there is none."""
        running = self._held()
        job = self._job()
        if job is None:
            return None
        if running:
            return Status("running", job)
        done = imdb.downloaded() if job.kind == "download" else self.shelf / job.name / "card.json"
        if done.is_file():
            return Status("finished", job)
        line = last_line(self._path("log.txt"))
        return Status("failed", job, line.removeprefix("models.train: "), bool(_SAYS_WHY.match(line)))

    def train(self, recipe: str, title: str, units: int, epochs: int, reviews: int, data: Path) -> Job:
        """Start a training on labelled reviews alone; returns at once.

        Args:
            recipe: one of ``RECIPES``.
            title: of the new network.
            units: of its first recurrent layer.
            data: archive or folder.

        Raises:
            WorkshopError: if another one runs, or something asked for is out of range or not there.
        """
        if recipe not in RECIPES:
            raise WorkshopError("recipe")
        bounds: tuple[tuple[Reason, int, int, int], ...] = (
            ("units", units, 1, MOST_UNITS),
            ("epochs", epochs, 1, MOST_EPOCHS),
            ("reviews", reviews, FEWEST_REVIEWS, MOST_REVIEWS),
        )
        for reason, value, least, most in bounds:
            if not least <= value <= most:
                raise WorkshopError(reason)
        if dataset.problem(data):
            raise WorkshopError("data")
        if not os.access(self.shelf, os.W_OK):
            raise WorkshopError("shelf")
        found = RECIPES[recipe]
        name = self.next_name(recipe)
        job = Job("training", time.time(), name, title, found.family, epochs, batches(found, reviews))
        options = {
            "--name": name,
            "--title": title,
            "--units": units,
            "--epochs": epochs,
            "--limit": reviews,
            "--data": data.resolve(),
            "--out": self.shelf,
            "--work": self._path("run"),
            "--threads": max(1, (os.cpu_count() or 2) - 1),
        }
        self._launch(job, [recipe, "--plain", *(f"{key}={value}" for key, value in options.items())])
        return job

    def download(self) -> None:
        """Start to fetch the dataset; returns at once.

        Raises:
            WorkshopError: if something else runs.
        """
        self._launch(Job("download", time.time()), ["--fetch"])

    def downloaded_share(self) -> float:
        """How much of the archive has come, about, 0…1."""
        try:
            return min(1.0, imdb.partial_download().stat().st_size / ARCHIVE_BYTES)
        except OSError:
            return 0.0

    def curves(self) -> tuple[bytes, bytes]:
        """``history.csv`` and ``steps.csv`` as the running training has written them so far; empty before that."""
        found = []
        for file in ("history.csv", "steps.csv"):
            path = next(self._path("run").glob(f"runs/*/{file}"), None)
            try:
                found.append(path.read_bytes() if path else b"")
            except OSError:
                found.append(b"")
        return found[0], found[1]

    def stop(self) -> None:
        """End what runs, with all processes it started, and remove what it left half-done. Nothing runs: nothing."""
        for send in (signal.SIGTERM, signal.SIGKILL):
            if not self._held():
                break
            with contextlib.suppress(OSError, ValueError):
                pid = int(self._path("pid").read_text())
                if pid > 1:
                    os.killpg(pid, send)
            deadline = time.monotonic() + _PATIENCE
            while self._held() and time.monotonic() < deadline:
                time.sleep(0.05)
        self.dismiss()

    def dismiss(self) -> None:
        """Forget the last training and remove its working files; while one runs, nothing happens."""
        if not self._held():
            self._tidy()

    def next_name(self, recipe: str) -> str:
        """``my_<recipe>_<n>``, the first that is free on the shelf."""
        number = 1
        while (self.shelf / f"my_{recipe}_{number}").exists():
            number += 1
        return f"my_{recipe}_{number}"

    def remove(self, name: str) -> None:
        """Take a network that was trained here from the shelf.

        Raises:
            WorkshopError: if it is none of those.
        """
        folder = self.shelf / name
        if not is_own(name) or folder.is_symlink() or not folder.is_dir():
            raise WorkshopError("name")
        shutil.rmtree(folder)
        job = self._job()
        if job is not None and job.name == name:
            self.dismiss()

    def _job(self) -> Job | None:
        try:
            job = Job(**json.loads(self._path("job.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return job if isinstance(job.name, str) else None

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _held(self) -> bool:
        """Whether a child lives. A shared lock, so that two who ask do not take each other for the child."""
        try:
            with self._path("lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _launch(self, job: Job, arguments: Sequence[str]) -> None:
        """Start ``python -m models.train`` with these arguments, holding the lock."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path("lock").open("ab") as lock:
                _take(lock.fileno())
                self._tidy()
                self._path("job.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
                with self._path("log.txt").open("wb") as log:
                    process = subprocess.Popen(  # noqa: S603, every argument is checked or made here
                        [*command(), *arguments],
                        cwd=_ROOT,
                        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUNBUFFERED": "1"},
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                        pass_fds=(lock.fileno(),),
                    )
                self._path("pid").write_text(str(process.pid))
        except OSError as error:
            raise WorkshopError("start") from error
        with contextlib.suppress(OSError):  # the app stays quick; a child that is gone already needs no niceness
            os.setpriority(os.PRIO_PGRP, process.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS))
        gate().lend()
        threading.Thread(target=self._see_off, args=(process,), daemon=True).start()

    def _see_off(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the child, so that it does not stay a zombie; what it needed for working is not needed any more."""
        process.wait()
        gate().give_back()
        if not self._held():
            shutil.rmtree(self._path("run"), ignore_errors=True)

    def _tidy(self) -> None:
        """Remove what a training or download leaves besides its result."""
        job = self._job()
        if job is not None and is_own(job.name):
            shutil.rmtree(self.shelf / f".{job.name}.unfinished", ignore_errors=True)
        if job is not None and job.kind == "download":
            imdb.partial_download().unlink(missing_ok=True)
        shutil.rmtree(self._path("run"), ignore_errors=True)
        for name in ("job.json", "pid", "log.txt"):
            self._path(name).unlink(missing_ok=True)


def command() -> list[str]:
    """What is started; the arguments follow."""
    return [sys.executable, "-m", "models.train"]


def allowed() -> bool:
    """Whether this server lets its visitors train networks and put them on the shelf: one's own machine."""
    return os.environ.get("UNROLLED_TRAINING") == "1"


def is_own(name: str) -> bool:
    """Whether a name on the shelf is one that is given here, to a network trained or brought."""
    return _OWN.fullmatch(name) is not None


def batches(recipe: Recipe | Article, reviews: int) -> int:
    """Steps of one epoch of a training on so many reviews, those that it holds out counted in."""
    held_out = round(recipe.validation_share * reviews) if isinstance(recipe, Article) else 0
    return -(-(reviews - held_out) // recipe.batch_size)


def last_line(log: Path) -> str:
    """The last line of a log that is not blank, without control characters, its first 300 characters."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8_192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = ["".join(c for c in line if c.isprintable()).strip() for line in re.split(r"[\r\n]+", text)]
    return next((line for line in reversed(lines) if line), "")[:300]


def _take(lock: int) -> None:
    """Lock for oneself. Whoever only asks holds it for an instant, so one refusal is none."""
    for _ in range(5):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return
    raise WorkshopError("busy")
