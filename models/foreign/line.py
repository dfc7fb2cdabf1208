"""A configuration's layers in the order in which they are computed, where they stand in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from models.errors import ForeignNetworkError

Entry = dict[str, Any]
_MASKS = ("NotEqual", "Any")
NETWORKS = ("Sequential", "Functional", "Model")


def layers(config: Any) -> list[Entry]:
    """The layers of a Sequential or functional network, input side first, each with "class_name" and "config".

    Raises:
        ForeignNetworkError: if it is another kind of network, or one whose layers branch.
    """
    if not isinstance(config, dict) or config.get("class_name") not in NETWORKS:
        kind = config.get("class_name") if isinstance(config, dict) else None
        if not isinstance(kind, str) or not kind:
            raise ForeignNetworkError("The file’s configuration describes no network.")
        raise ForeignNetworkError(
            f"The network is of a class of its own, “{kind[:60]}”: Unrolled reads Sequential and functional ones."
        )
    inner = config.get("config")
    entries = inner.get("layers") if isinstance(inner, dict) else inner
    if not isinstance(entries, list) or not all(map(is_entry, entries)):
        raise ForeignNetworkError("The network's configuration is damaged: it lists no layers.")
    return entries if config["class_name"] == "Sequential" else _in_line(entries)


def is_entry(found: Any) -> TypeGuard[Entry]:
    """Whether this is the description of a layer."""
    return (
        isinstance(found, dict) and isinstance(found.get("class_name"), str) and isinstance(found.get("config"), dict)
    )


def name_of(entry: Entry) -> str:
    """A layer's name, as the file has it."""
    return str(entry["config"].get("name") or entry.get("name") or entry["class_name"])


def _in_line(entries: list[Entry]) -> list[Entry]:
    entries = _without_masks(entries)
    by_name = {str(entry.get("name") or name_of(entry)): entry for entry in entries}
    if len(by_name) != len(entries):
        raise ForeignNetworkError("Two layers of the network have the same name.")
    after: dict[str, str] = {}
    starts = []
    for name, entry in by_name.items():
        before = list(_inputs(entry))
        if not before:
            starts.append(name)
        elif len(before) > 1:
            raise ForeignNetworkError(
                f"“{name[:60]}” takes {len(before)} inputs: Unrolled can read layers one after another, not branches."
            )
        elif before[0] in after:
            raise ForeignNetworkError(
                f"After “{before[0][:60]}” the network branches: Unrolled can read layers one after another."
            )
        else:
            after[before[0]] = name
    if len(starts) != 1:
        raise ForeignNetworkError(f"The network has {len(starts)} inputs: Unrolled reads networks with one.")
    found, here = [by_name[starts[0]]], starts[0]
    while here in after and len(found) <= len(entries):
        here = after[here]
        if here not in by_name:
            break
        found.append(by_name[here])
    if len(found) != len(entries):
        raise ForeignNetworkError("The layers of the network do not stand in one line.")
    return found


def _without_masks(entries: list[Entry]) -> list[Entry]:
    """The layers without the comparisons that make masks: an Embedding's or a Masking layer's own are known anyway.

    Raises:
        ForeignNetworkError: if somebody made a mask where no layer would.
    """
    kept = [entry for entry in entries if entry["class_name"] not in _MASKS]
    known = any(
        entry["class_name"] == "Masking" or (entry["class_name"] == "Embedding" and entry["config"].get("mask_zero"))
        for entry in kept
    )
    if len(kept) < len(entries) and not known:
        raise ForeignNetworkError("The network has a mask of its own making, which Unrolled cannot read.")
    return kept


def _inputs(entry: Entry) -> Iterator[str]:
    """The names of the layers whose output a layer takes."""
    waiting: list[Any] = [entry.get("inbound_nodes") or []]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            history = node.get("config", {}).get("keras_history") if isinstance(node.get("config"), dict) else None
            if node.get("class_name") == "__keras_tensor__" and isinstance(history, list) and history:
                yield str(history[0])
            else:
                waiting += [value for key, value in node.items() if key != "mask"]
        elif isinstance(node, list):
            # Keras 2: [name, node, tensor, {…}]
            if len(node) in (3, 4) and isinstance(node[0], str) and all(isinstance(i, int) for i in node[1:3]):
                yield node[0]
            else:
                waiting += node
