"""What the first page needs is loaded before the server answers, so nobody waits for it."""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil


def warm_up() -> int:
    """Import what pages are made of, load the models on the shelf and draw one reading.

    Returns:
        How many networks were read. One that cannot be read is left out and named in the log.
    """
    import components

    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)
    from components.read.charts import reading
    from components.session import resources
    from components.ui import theme
    from models.errors import ArtifactError
    from models.examples import EXAMPLES

    read = 0
    for card in resources.cards():
        try:
            trace = resources.model(card.name).trace(EXAMPLES[0].text)
        except ArtifactError as error:
            logging.getLogger("unrolled").warning("left out: %s", error)
            continue
        read += 1
        reading(trace, card.family, theme.LIGHT).to_json()
        resources.evaluation(card)
    # What is there by now stays: a collection that walks over all of it would hold every visitor up for 0.2 s.
    gc.collect()
    gc.freeze()
    return read
