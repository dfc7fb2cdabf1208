"""Short opinions that networks are shown: the words they are made of, and that each means what it is taught as."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.data.composing import Composer
from models.training.data.corpus import Part
from models.training.data.lexicon import Lexicon

LEXICON = Lexicon(
    nouns={"film": 2.0, "story": 1.0},
    things={"acting": 1.0},
    verbs={True: {"enjoy": 1.0}, False: {"dislike": 1.0}},
    adjectives={True: {"lovely": 1.0, "funny": 1.0}, False: {"dull": 1.0}},
    most={"favorite": 1.0},
)
GOOD = {"enjoy", "recommend", "lovely", "funny", "favorite", "better"}
JUDGES = {*GOOD, "dislike", "dull"}
DENIES = {
    *("not", "never", "hardly", "barely", "nothing", "least", "less", "far", "anything", "hesitate", "refuse", "fail"),
    *("struggle", "reluctant", "unable", "hard", "difficult", "have", "tries", "wanted", "hoped", "expected", "tried"),
    "wish",
}


def drawn(count: int) -> list[tuple[str, float]]:
    composer, random = Composer(VOCABULARY, LEXICON), np.random.default_rng(0)
    found = [composer.composed(random) for _ in range(count)]
    return [(" ".join(VOCABULARY[i] for i in ids), positive) for ids, positive in filter(None, found)]


def _vocabulary() -> list[str]:
    """Every word that the grammar can say."""
    words: set[str] = set()

    class Noted(dict[str, int]):
        def get(self, word: str, default: object = None) -> int:
            words.add(word)
            return 2

    composer, random = Composer((), LEXICON), np.random.default_rng(1)
    composer._ids = Noted()
    for _ in range(3_000):
        composer.composed(random)
    return ["[padding]", "[out of vocabulary]", *sorted(words)]


VOCABULARY = _vocabulary()


def test_an_opinion_means_what_it_is_taught_as() -> None:
    kinds = set()
    for text, positive in drawn(1_500):
        words = text.split()
        if {"and", "but", "yet", "although"} & set(words) or sum(word in JUDGES for word in words) != 1:
            continue
        (judge,) = (word for word in words if word in JUDGES)
        before = words[: words.index(judge)]
        far = {"far"} if "from" not in before else set()  # "far more", "far from"
        denials = [w for w in before if (w in DENIES or w.endswith("n't")) and w not in far]
        assert (positive > 0.5) == ((judge in GOOD) == (len(denials) % 2 == 0)), text
        kinds.add((judge, *denials))
    assert len(kinds) > 40, "many ways to deny are tried"


def test_of_two_opinions_the_last_counts() -> None:
    seen = set()
    for text, positive in drawn(1_500):
        for joint in (" but ", " yet "):
            first, _, last = text.partition(joint)
            if last.startswith(("i ", "it ", "this ", "the ", "a ", "what ", "such ")) and "although" not in text:
                (judge,) = [word for word in last.split() if word in JUDGES] or [""]
                if judge and not DENIES & {*first.split(), *last.split()}:
                    assert (positive > 0.5) == (judge in GOOD), text
                    seen.add(judge)
    assert len(seen) >= 4


def test_both_sides_are_shown_and_no_opinion_is_certain() -> None:
    positive = np.array([p for _, p in drawn(1_500)])
    assert 0.35 < (positive > 0.5).mean() < 0.6
    assert positive.min() > 0 and positive.max() < 1
    assert len({text for text, _ in drawn(1_500)}) > 600


def test_a_vocabulary_without_the_words_composes_nothing() -> None:
    composer = Composer(("[padding]", "[out of vocabulary]", "film"), LEXICON)
    assert {composer.composed(np.random.default_rng(seed)) for seed in range(30)} == {None}
    empty = Composer(VOCABULARY, Lexicon({}, {}, {True: {}, False: {}}, {True: {}, False: {}}, {}))
    found = [empty.composed(np.random.default_rng(seed)) for seed in range(300)]
    assert all(one is None or "recommend" in {VOCABULARY[i] for i in one[0]} for one in found)


WORDS = (
    *("[padding]", "[out of vocabulary]", "i", "we", "really", "this", "it", "the", "a", "is", "was", "very", "my"),
    *("least", "of", "film", "acting", "hate", "hated", "love", "loved", "mention", "mentioned", "dull", "lovely"),
    *("favorite", "dog", "loathe", "loathed", "adore", "adored", "dislike", "disliked"),
)
ID = {word: place for place, word in enumerate(WORDS)}


def _part(texts: list[str], label: float) -> Part:
    ids = [np.array([ID[word] for word in text.split()], np.int32) for text in texts]
    return Part(ids, np.full(len(texts), label, np.float32))


def learnt(of_lovely: float) -> Lexicon:
    """From made-up reviews; ``of_lovely``: what the teachers think of sentences with that word."""
    every = ["i mentioned this film", "i really mention it", "the film is a film", "the acting was very"]
    good = ["i loved this film", "i really love it", "i adored it", "we really adore this film", "my favorite film"]
    good += ["the film is lovely", "the acting was very lovely", "this film was a lovely film"]
    bad = ["i hated this film", "i really hate it", "i disliked it", "we really dislike this film"]
    bad += ["the film is dull", "the acting was very dull", "this film was a dull film", "i really loathed it"]
    reviews = [(text, label) for texts, label in (([*good, *every], 1.0), ([*bad, *every], 0.0)) for text in texts * 20]
    parts = [_part([text for text, own in reviews if own == label], label) for label in (1.0, 0.0)]
    labelled = Part([*parts[0].ids, *parts[1].ids], np.concatenate([part.labels for part in parts]))
    rare = ["i loathe this film", "my least favorite film", "my dog is the dog"] * 6
    leaning = np.zeros(len(WORDS))
    leaning[[ID["lovely"], ID["favorite"]]], leaning[ID["dull"]] = 1.0, -1.0
    vectors = np.eye(len(WORDS), dtype=np.float32)
    for words, axis in ((("hate", "dislike", "loathe"), 0), (("love", "adore"), 1)):
        vectors[[ID[word] for word in words], axis] = 3
    opinions = [of_lovely if "lovely" in text else 0.95 for text in good] + [0.05] * len(bad)
    sentences = Part([*_part(good, 1).ids, *_part(bad, 0).ids], np.array(opinions, np.float32))
    return Lexicon.learnt(WORDS, vectors, leaning, labelled, _part(rare, 0.5), sentences)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return learnt(0.95)


def test_verbs_are_what_reviewers_say_of_themselves(lexicon: Lexicon) -> None:
    assert set(lexicon.verbs[True]) == {"love", "adore"}
    assert set(lexicon.verbs[False]) == {"hate", "dislike", "loathe"}, (
        "the rare one by its kin; “mention” leans nowhere"
    )


def test_nouns_and_adjectives_are_found_where_they_stand(lexicon: Lexicon) -> None:
    assert set(lexicon.nouns) == {"film"} and "acting" in lexicon.things
    assert (set(lexicon.adjectives[True]), set(lexicon.adjectives[False])) == ({"lovely"}, {"dull"})
    assert set(lexicon.most) == {"favorite"}


def test_an_adjective_that_the_teachers_see_otherwise_is_left_out() -> None:
    found = learnt(0.05)
    assert (set(found.adjectives[True]), set(found.adjectives[False])) == (set(), {"dull"})
