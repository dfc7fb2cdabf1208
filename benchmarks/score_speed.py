"""Reviews per second: ``models.score``'s path against ``network.predict``, in the same run.

    python -m benchmarks.score_speed [--model lstm] [--shelf models/pretrained] [--reviews 2048] [--jobs N]

Ours starts from the text and ends with P(positive), as the command does it, in one process and in one for each core.
``predict`` starts from ready ids, padded to the model's maximum as tutorials do it. The reviews are made up of the
vocabulary's words, as frequent as words are, and as long as IMDB's are. The two are measured in turns, and the best
time of each counts: whatever else the machine was doing made the others longer.
"""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.timing import best_times
from models.catalog import PRETRAINED, load_model
from models.errors import ArtifactError, UnknownModel
from models.scoring.processes import cores, scored_ahead
from models.scoring.streaming import CHUNK_ROWS
from models.text import Vocabulary, keys

TARGET = 4.0
MEDIAN_WORDS, SPREAD, FEWEST, MOST = 175, 0.65, 8, 2_400
ROUNDS = 7
BATCH = 128
AGAIN = 6


def reviews_like_imdb(vocabulary: Vocabulary, n: int, seed: int = 1) -> list[str]:
    """``n`` made-up reviews: log-normal lengths, words of the vocabulary by Zipf's law."""
    random = np.random.default_rng(seed)
    words = np.array([word for word in vocabulary.words[2:] if word.isalpha()])
    frequency = 1 / np.arange(1, len(words) + 1)
    frequency /= frequency.sum()
    lengths = np.exp(random.normal(np.log(MEDIAN_WORDS), SPREAD, n)).astype(int).clip(FEWEST, MOST)
    return [" ".join(random.choice(words, length, p=frequency)) for length in lengths]


def main(arguments: list[str] | None = None) -> int:
    """Print the ratio; exit status 1 where the target is missed, 2 where there is no such model."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score_speed", description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="lstm", help="a folder on the shelf (default: lstm)")
    parser.add_argument("--shelf", type=Path, default=PRETRAINED, help="folder of models")
    parser.add_argument("--reviews", type=int, default=2_048, help="how many (default: 2,048)")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes of the second row (default: one a core)")
    options = parser.parse_args(arguments)
    try:
        model = load_model(options.model, options.shelf)
    except (UnknownModel, ArtifactError) as error:
        print(f"benchmarks.score_speed: {error}", file=sys.stderr)
        return 2

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from models.training.networks import load_network

    network = load_network(options.model, options.shelf)
    texts = reviews_like_imdb(model.vocabulary, options.reviews)
    longest = model.card.max_timesteps
    padded = np.zeros((len(texts), longest), np.int32)
    for row, text in zip(padded, texts, strict=True):
        ids = model.vocabulary.encode(keys(text))
        ids = ids[-longest:] if model.card.unread_end == "start" else ids[:longest]
        row[: len(ids)] = ids

    def ours(jobs: int = 1, again: int = 1) -> np.ndarray:
        starts = list(range(0, len(texts), CHUNK_ROWS)) * again
        chunks = ((None, texts[start : start + CHUNK_ROWS]) for start in starts)
        scored = scored_ahead([model], chunks, jobs)
        return np.concatenate([scores.probabilities[options.model] for _, scores in scored])

    def theirs() -> np.ndarray:
        return network.predict(padded, batch_size=BATCH, verbose=0)[:, 0]

    # The two must agree, or the comparison is worth nothing.
    np.testing.assert_allclose(ours(), theirs(), atol=1e-4)
    (mine, my_work), (other, their_work) = best_times(ours, theirs, rounds=ROUNDS)
    ratio = other / mine
    words = np.array([len(text.split()) for text in texts])
    print(f"{model.card.title}, {model.card.units} units, {os.cpu_count()} processor cores, {len(texts):,} reviews,")
    print(f"median {np.median(words):.0f} and mean {words.mean():.0f} words; predict pads to {longest:,}")
    print(f"models.score {len(texts) / mine:8.0f} reviews a second, from the text")
    print(f"predict      {len(texts) / other:8.0f} reviews a second, from ready ids")
    print(f"ratio        {ratio:8.1f}   target {TARGET:.0f}; of processor time {their_work / my_work:.1f}")
    if options.jobs > 1:
        # New processes take a second to begin: time enough is given them for that to be little.
        alone, together = best_times(*(partial(ours, n, AGAIN) for n in (1, options.jobs)), rounds=1)
        ratio_of_both = alone.clock / together.clock
        print(f"{options.jobs} processes ÷ one{ratio_of_both:8.1f}   over {AGAIN * len(texts):,} reviews")
    return int(ratio < TARGET)


if __name__ == "__main__":
    sys.exit(main())
