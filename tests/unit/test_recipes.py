"""The file of recipes: every setting is of the kind that it has to be."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from models.training.recipe import Article, Recipe
from models.training.recipes import RECIPES, TEACHERS


def fits(value: object, kind: Any) -> bool:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return value in inner
    if origin is UnionType:
        return any(fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(one, inner[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(k, inner[0]) and fits(v, inner[1]) for k, v in value.items())
    return type(value) is kind


@pytest.mark.parametrize("recipe", [*RECIPES.values(), *TEACHERS.values()], ids=lambda recipe: recipe.name)
def test_every_setting_is_of_its_kind(recipe: Recipe | Article) -> None:
    hints = get_type_hints(type(recipe))
    assert {name: getattr(recipe, name) for name in hints if not fits(getattr(recipe, name), hints[name])} == {}
