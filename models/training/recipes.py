"""The recipes of all networks, from ``recipes.toml``: those of our own, and the systems that tutorials teach."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from models.training.recipe import Article, Recipe

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_TABLES: dict[str, dict[str, Any]] = {name: table for part in _FILE.values() for name, table in part.items()}


def _settings(name: str) -> dict[str, Any]:
    """The settings of a table, with those of the table that it is like."""
    own: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in _TABLES[name].items()
    }
    like = own.pop("like", None)
    return {**_settings(like), **own} if like else own


ARTICLES = tuple(Article(name=name, **_settings(name)) for name in _FILE["articles"])
# Networks that others start or learn from: trained when they are asked for, kept in the working folder.
TEACHERS = {name: Recipe(name=name, **_settings(name)) for name in _FILE["teachers"]}
RECIPES: dict[str, Recipe | Article] = {
    **{name: Recipe(name=name, **_settings(name)) for name in _FILE["recipes"]},
    **{article.name: article for article in ARTICLES},
}
