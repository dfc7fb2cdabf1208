"""Score a file of reviews: ``python -m models.score reviews.csv --model gru --output scored.csv``.

Every row comes back with all its columns in their order, P(positive) per model, the verdict, the number of tokens, the
share of unknown words, and a note where a row could not be scored. The file may be larger than memory. After an
interruption the same command goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from models.card import SIDES
from models.catalog import PRETRAINED, load_model, open_network
from models.errors import ArtifactError, ForeignNetworkError, UnknownModel
from models.scoring import inline
from models.scoring.decoding import TableError
from models.scoring.output import OutputBusy, is_stream
from models.scoring.processes import WorkerLost, cores
from models.scoring.shape import FORMATS
from models.scoring.source import InputChanged
from models.scoring.streaming import Progress, Task, UnfinishedRun, score_file
from models.sentiment import SentimentModel
from models.wording import counted

_QUIET_SECONDS = 10.0
_REFUSALS = (
    ForeignNetworkError, UnknownModel, ArtifactError, UnfinishedRun, OutputBusy, InputChanged, WorkerLost,
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status (2 on bad input, 130 when interrupted)."""
    parser = argparse.ArgumentParser(
        prog="python -m models.score",
        description="Score a file of reviews, larger than memory if need be; run again to go on after an interruption.",
    )
    parser.add_argument("source", type=Path, metavar="FILE", help="CSV, TSV, JSON lines, or text with a review a line")
    parser.add_argument("--model", action="append", help="a model of the shelf; several are allowed")
    parser.add_argument("--network", type=Path, help="a Keras network of your own, .keras or .h5; nothing in it is run")
    parser.add_argument("--vocabulary", type=Path, help="its words: a Tokenizer's JSON, word_index.json, a text file")
    parser.add_argument("--preparation", help="settings the files do not tell, as JSON: '{\"maxlen\": 200}'")
    parser.add_argument("--labels", nargs=2, metavar=("ZERO", "ONE"), help="what 0 and 1 mean to the network")
    parser.add_argument("--output", type=Path, required=True, help="the CSV to write")
    parser.add_argument("--column", help="the column of the reviews, by name or number (default: find it)")
    parser.add_argument("--format", choices=FORMATS, help="what FILE is (default: find out)")
    parser.add_argument(
        "--labels-in-lines",
        dest="form",
        metavar="FORM",
        help="where a label stands in each line of a text file: 'front tab', 'back ||', 'fasttext' and the like, or "
        "'whole': nowhere, each line is a review as it stands (default: find out)",
    )
    heading = parser.add_mutually_exclusive_group()
    heading.add_argument(
        "--header", action="store_true", default=None, help="the first line names the columns (default: find out)"
    )
    heading.add_argument("--no-header", dest="header", action="store_false", help="the first line is a row")
    parser.add_argument(
        "--keep-formulas",
        action="store_true",
        help="write cells that begin with = + - @ as they are; else an apostrophe keeps spreadsheets from running them",
    )
    parser.add_argument("--restart", action="store_true", help="begin anew, leaving an unfinished run behind")
    parser.add_argument(
        "--jobs", type=_positive, default=cores(), metavar="N", help="processes that score (default: one a core)"
    )
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="where the models lie")
    options = parser.parse_args(arguments)

    if not options.model and options.network is None:
        return _refuse("say which --model of the shelf is to score, or which --network of your own")
    if not options.source.is_file():
        return _refuse(f"there is no file {str(options.source)!r}")
    if not options.output.parent.is_dir():
        return _refuse(f"there is no folder {str(options.output.parent)!r} to write to")
    if options.output.is_dir() or (options.output.exists() and options.output.samefile(options.source)):
        return _refuse("--output must be a file of its own")
    if options.output.suffix.lower() not in (".csv", ".txt", ""):
        return _refuse(f"the result is CSV: --output cannot end with {options.output.suffix!r}")
    if options.form not in (None, inline.WHOLE, *inline.forms()):
        return _refuse(f"--labels-in-lines takes {', '.join(map(repr, (inline.WHOLE, *inline.forms())))}")
    return _score(options)


def _score(options: argparse.Namespace) -> int:
    try:
        models = tuple(load_model(name, options.shelf) for name in dict.fromkeys(options.model or ()))
        models += _brought(options)
        task = Task(
            options.source,
            options.output,
            models,
            options.column,
            options.format,
            options.header,
            not options.keep_formulas,
            options.restart,
            options.form,
            1 if options.network else options.jobs,
        )
        with closing(Bar()) as bar:
            rows = score_file(task, bar.show, bar.say)
    except _REFUSALS as error:
        return _refuse(str(error))
    except TableError as error:
        return _refuse(f"{str(options.source)!r}: {error}")
    except OSError as error:
        return _refuse(f"{error.strerror or error}: {error.filename or options.output}")
    except KeyboardInterrupt:
        print("models.score: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    # Where the rows themselves may be on their way through stdout, the last word goes beside them.
    summary = f"{counted(rows, 'row')} {'is' if rows == 1 else 'are'} in {options.output}"
    print(summary, file=sys.stderr if is_stream(options.output) else sys.stdout)
    return 0


def _brought(options: argparse.Namespace) -> tuple[SentimentModel, ...]:
    """The network of the user's own, if one is named."""
    if options.network is None:
        return ()
    try:
        settings = json.loads(options.preparation or "{}")
    except ValueError as error:
        raise ForeignNetworkError("--preparation is JSON, as '{\"maxlen\": 200}'") from error
    if not isinstance(settings, dict):
        raise ForeignNetworkError("--preparation is a JSON object, as '{\"maxlen\": 200}'")
    labels = tuple(options.labels) if options.labels else SIDES
    return (open_network(options.network, options.vocabulary, settings, labels),)


class Bar:
    """A progress bar on stderr; where that is no terminal it moves every ten seconds only."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def show(self, progress: Progress) -> None:
        """Draw it, unless that was done a moment ago."""
        if self._bar is None:
            # Rows of an earlier run were only skipped: they say nothing about the time that is left.
            self._bar = tqdm(
                total=1.0,
                initial=progress.share * progress.before / max(1, progress.rows),
                bar_format="{percentage:3.0f} % |{bar:24}| {postfix} {remaining} left",
                mininterval=0.2 if sys.stderr.isatty() else _QUIET_SECONDS,
                leave=False,
            )
        self._bar.set_postfix_str(f"{progress.rows:,} rows", refresh=False)
        self._bar.update(progress.share - self._bar.n)

    def say(self, message: str) -> None:
        """A line of its own, beside the bar."""
        with tqdm.external_write_mode(file=sys.stderr):
            _say(message)

    def close(self) -> None:
        """Take it away, so that what is said next stands on a line of its own."""
        if self._bar is not None:
            self._bar.close()


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 1_024:
        raise argparse.ArgumentTypeError("give a whole number from 1")
    return int(text)


def _say(message: str) -> None:
    print(f"models.score: {' '.join(message.split())}", file=sys.stderr)


def _refuse(message: str) -> int:
    _say(message)
    return 2


if __name__ == "__main__":
    sys.exit(main())
