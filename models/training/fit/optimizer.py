"""The optimiser of the networks: Adam, slower for layers that start from something already learnt."""

from __future__ import annotations

import keras


class LayerwiseAdam(keras.optimizers.Adam):
    """Adam whose learning rate is multiplied by a layer's own factor.

    Args:
        factors: by the first part of a variable's path (``{"embedding": 0.3}``); others have factor 1.
    """

    def __init__(self, *args: object, factors: dict[str, float] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._factors = factors or {}

    def build(self, variables: list[keras.Variable]) -> None:
        """Remember each variable's factor by its place: TensorFlow hands its own variables to ``update_step``."""
        super().build(variables)
        self._rates = [self._factors.get(variable.path.split("/")[0], 1.0) for variable in variables]

    def update_step(self, gradient: object, variable: object, learning_rate: object) -> None:
        """One step for one variable, see ``keras.optimizers.Adam``."""
        rate = self._rates[self._get_variable_index(variable)]
        super().update_step(gradient, variable, learning_rate * rate)
