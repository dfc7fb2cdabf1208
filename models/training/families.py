"""The three recurrent cells by name."""

from typing import Literal

Family = Literal["SimpleRNN", "LSTM", "GRU"]
