"""Faults in the pages, and in what serves them."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULTS = (
    Fault(
        "pages/read.py",
        "recent.remember(row, review, card, trace)",
        "recent.remember(row, review, card, None)",
        "nothing is remembered",
    ),
    Fault(
        "pages/compare.py",
        "elif section == handover.WHAT_IF",
        "elif section == handover.SIDE_BY_SIDE",
        "a section that never opens",
    ),
    Fault(
        "components/training/sections.py",
        'curves(drawn, "accuracy", along',
        'curves(drawn, "loss", along',
        "the same picture twice",
    ),
    Fault("pages/batch.py", "if len(scored) > 1:", "if len(scored) > 9:", "where models part ways is left out"),
    Fault(
        "pages/inside.py",
        "if trace.running_logits is None:",
        "if trace.running_logits is not None:",
        "a sentence on the wrong network",
    ),
    Fault("serve.py", 'f"./?{request.url.query}" if request', '"./" if request', "an old link loses its model"),
    Fault("serving/incoming.py", "MOST_WAITING = 100 ", "MOST_WAITING = 100_000 ", "a flood is worked off"),
    Fault(
        "serving/incoming.py",
        "Incoming.held_by_all > settings.value",
        "Incoming.held_by_all > 1_000 * settings.value",
        "beginnings of messages fill the memory",
    ),
    Fault("serving/pace.py", "if self._left < 0:", "if self._left < -1e9:", "somebody asks as often as he likes"),
    Fault("serving/hosts.py", '"client.allowedOrigins", []', '"client.allowedOrigins", ["x"]', "a window that steers"),
    Fault("serving/logs.py", "< _AGAIN:", "< -_AGAIN:", "an error fills the log"),
    Fault("serving/logs.py", '"logger.enableRich", False', '"logger.enableRich", True', "an error's words are printed"),
    Fault("serving/visits.py", 'settings.value("connections")', "10**9", "a process without room for more lets all in"),
    Fault("models/classroom/classes.py", "and found.knows(phone):", "and False:", "one puts all out of their class"),
    Fault("serving/wake_ups.py", "self._waking = False\n", "pass\n", "an answer waits until somebody else asks"),
    Fault("components/session/work.py", "small = len(data) <= SMALL", "small = True", "files are read by the pages"),
    Fault("components/session/work.py", "each * sum(", "0 * sum(", "thirty pages look every moment"),
    Fault("models/scoring/reviews.py", "cells <= most_cells", "cells >= 0", "cells without end"),
    Fault(
        "models/scoring/records.py", "lines.put_back(rest)", "lines.put_back([])", "an open mark swallows what follows"
    ),
    Fault("models/scoring/output.py", "0 < found.bytes <= size", "0 < found.bytes", "a part cut short is gone on with"),
    Fault("models/figures/json_file.py", "math.isnan(record) else record", "False else record", "NaN in a JSON file"),
    Fault("models/figures/metrics.py", "(place == i).sum()", "(place >= i).sum()", "a bin counts those above it"),
    Fault("models/card_facts.py", "[row.test_accuracy for", "[row.minutes for", "another column's figure"),
)
