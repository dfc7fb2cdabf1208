"""Short opinions, composed of words whose leaning the training reviews themselves have taught.

People type "I dislike this film", and reviews hardly ever say so: there the word stands in the past tense, or tells
of a character. So a network is shown opinions of a few words, put together by a small grammar. Verbs, adjectives and
nouns are listed nowhere: they are what reviewers say of themselves ("I … this"), what they call a film, and what
follows "this". The grammar itself knows only words that deny, weaken, compare or postpone: negators and degrees (Horn
1972, "On the Semantic Properties of Logical Operators in English"), verbs such as "hesitate" and "fail" that deny
what follows them (Karttunen 1971, "Implicative Verbs"), and wishes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.training.data.lexicon import Lexicon

Random = np.random.Generator
Words = tuple[str, ...]
# P(positive) of a plain opinion, of praise and of blame denied, of praise that is only wished for, and of blame, "but",
# praise. The other way round each is 1 - the same, where there is another way.
PLAIN, NOT_GOOD, NOT_BAD, WISHED, LAST_WORD = 0.93, 0.08, 0.8, 0.13, 0.88
_SUBJECTS = ("i", "we")
_EMPHASIS = ("really", "absolutely", "truly", "just", "thoroughly", "totally", "completely", "definitely", "highly")
_COPULAS = ("is", "was")
_DEGREES = ("very", "so", "really", "quite", "extremely", "absolutely")
_BEFORE_ADJECTIVES = (
    *(("not",), ("n't",), ("not", "very"), ("not", "that"), ("not", "so"), ("not", "too"), ("not", "really")),
    *(("not", "particularly"), ("not", "at", "all"), ("not", "exactly"), ("never",), ("hardly",), ("barely",)),
    *(("far", "from"), ("anything", "but")),
)
_BEFORE_VERBS = (("do", "not"), ("don't",), ("did", "not"), ("didn't",), ("never",), ("can", "not"), ("hardly",))
_MODALS = (("would",), ("can",), ("will",), ("could",))
_DENYING = (
    *(("hesitate", "to"), ("refuse", "to"), ("fail", "to"), ("struggle", "to"), ("be", "reluctant", "to")),
    *(("be", "unable", "to"), ("find", "it", "hard", "to"), ("find", "it", "difficult", "to")),
)
_UNREAL = (("could", "have", "been"), ("should", "have", "been"), ("might", "have", "been"), ("tries", "to", "be"))
_HOPES = (("wanted", "to"), ("hoped", "to"), ("expected", "to"), ("tried", "to"), ("wish", "i", "could"))


class Composer:
    """Composes short opinions from a lexicon; a frame that it has no words for composes nothing."""

    def __init__(self, words: Sequence[str], lexicon: Lexicon) -> None:
        self._ids = {word: token_id for token_id, word in enumerate(words)}
        self._lexicon = lexicon
        self._frames: tuple[Callable[[Random], tuple[Words, float]], ...] = (
            self._felt, self._felt, self._called, self._denied, self._denied, self._unfelt, self._least, self._least,
            self._reserved, self._reserved, self._wished, self._joined, self._joined, self._joined, self._compared,
        )  # fmt: skip

    def composed(self, random: Random) -> tuple[np.ndarray, float] | None:
        """Word ids of one opinion, and P(positive); None if the vocabulary lacks a word of it."""
        words, positive = self._frames[random.integers(len(self._frames))](random)
        ids = [self._ids.get(word, 0) for word in words]
        return (np.array(ids, np.int32), positive) if ids and all(ids) else None

    # Parts of a sentence.

    def _one(self, random: Random, of: dict[str, float]) -> str:
        names = list(of)
        share = np.array([of[name] for name in names])
        return str(random.choice(names, p=share / share.sum())) if names else ""

    def _noun(self, random: Random) -> str:
        return self._one(random, self._lexicon.nouns)

    def _adjective(self, random: Random, good: bool) -> str:
        return self._one(random, self._lexicon.adjectives[good])

    def _object(self, random: Random) -> Words:
        """What an opinion is of."""
        noun, thing = self._noun(random), self._one(random, self._lexicon.things)
        ways = (
            ("this", noun),
            ("this", noun),
            ("the", noun),
            ("it",),
            ("the", thing),
            ("the", thing, "in", "this", noun),
        )
        return ways[int(random.integers(len(ways)))]

    def _subject(self, random: Random) -> Words:
        """Of what something is said, with "is" or "was"."""
        about = (("it",), ("this", self._noun(random)), ("the", self._one(random, self._lexicon.things)))
        return (*about[random.integers(len(about))], str(random.choice(_COPULAS)))

    # Frames: words, and P(positive).

    def _felt(self, random: Random) -> tuple[Words, float]:
        """Like "I dislike this film"."""
        good = bool(random.random() < 0.4)
        verb = self._one(random, self._lexicon.verbs[good])
        emphasis = (str(random.choice(_EMPHASIS)),) if random.random() < 0.2 else ()
        return (str(random.choice(_SUBJECTS, p=(0.85, 0.15))), *emphasis, verb, *self._object(random)), _sure(good)

    def _unfelt(self, random: Random) -> tuple[Words, float]:
        """Like "I don't enjoy the songs"."""
        good = bool(random.random() < 0.75)
        verb, way = self._one(random, self._lexicon.verbs[good]), _drawn(random, _BEFORE_VERBS)
        return ("i", *way, verb, *self._object(random)), NOT_GOOD if good else NOT_BAD

    def _called(self, random: Random) -> tuple[Words, float]:
        """Like "This film is very dull", "a dull film"."""
        good = bool(random.random() < 0.5)
        adjective = self._adjective(random, good)
        degree = (str(random.choice(_DEGREES)),) if random.random() < 0.4 else ()
        if random.random() < 0.4:
            return (*_drawn(random, (("a",), ("what", "a"), ("such", "a"))), adjective, self._noun(random)), _sure(good)
        return (*self._subject(random), *degree, adjective), _sure(good)

    def _denied(self, random: Random) -> tuple[Words, float]:
        """Like "It is not that bad", "not a dull film", "nothing funny about it"."""
        good = bool(random.random() < 0.5)
        positive = NOT_GOOD if good else NOT_BAD
        adjective, noun, way = self._adjective(random, good), self._noun(random), _drawn(random, _BEFORE_ADJECTIVES)
        kind = random.integers(5)
        if kind == 0:
            start = _drawn(random, (("not", "a"), ("not", "a", "single"), ("hardly", "a"), ("there", "is", "not", "a")))
            return (*start, adjective, self._one(random, self._lexicon.things)), positive
        if kind == 1:
            start = _drawn(random, (("nothing",), ("there", "is", "nothing"), ("there", "was", "nothing")))
            return (*start, adjective, *_drawn(random, (("about", "it"), ("in", "this", noun)))), positive
        if kind == 2 and way != ("n't",):
            return (*way, adjective), positive
        *about, copula = self._subject(random)
        verb = (copula + "n't",) if way == ("n't",) else (copula, *way)
        return (*about, *verb, adjective), positive

    def _least(self, random: Random) -> tuple[Words, float]:
        """Like "The least funny film", "my favorite film"."""
        noun = self._noun(random)
        if random.random() < 0.4:
            loved = self._one(random, self._lexicon.most)
            least = bool(random.random() < 0.6)
            words = ("my", "least", loved) if least else ("my", loved)
            tail = _drawn(random, ((noun,), ("of", "the", "series"), ("of", "his", noun + "s"), (noun, "of", "hers")))
            head = _drawn(random, ((), ("this", "is"), ("it", "was")))
            return (*head, *words, *tail), 1 - PLAIN if least else PLAIN
        good, least = bool(random.random() < 0.6), bool(random.random() < 0.7)
        words = ("least" if least else "most", self._adjective(random, good), noun)
        head = _drawn(random, (("the",), ("one", "of", "the"), ("this", "is", "the"), ("easily", "the"), ("his",)))
        tail = _drawn(random, ((), ("ever",), ("of", "the", "year"), ("i", "have", "seen")))
        words = (*words[:2], noun + "s") if "one" in head else words
        return (*head, *words, *tail), _sure(good) if not least else NOT_GOOD if good else NOT_BAD

    def _reserved(self, random: Random) -> tuple[Words, float]:
        """Like "I would hesitate to recommend it", "I would not hesitate to recommend it"."""
        verb = "recommend" if random.random() < 0.6 else self._one(random, self._lexicon.verbs[True])
        modal, what = _drawn(random, _MODALS), self._object(random)
        kind = random.random()
        if kind < 0.25:
            return ("i", *modal, verb, *what), PLAIN
        if kind < 0.45:
            return ("i", *modal, "not", verb, *what), NOT_GOOD
        denying = _drawn(random, _DENYING)
        if kind < 0.8:
            return ("i", *(modal if random.random() < 0.6 or denying[0] == "be" else ()), *denying, verb, *what), 0.12
        before = _drawn(random, (("i", "would", "not"), ("i", "do", "not"), ("don't",), ("you", "will", "not")))
        return (*before, "hesitate", "to", verb, *what), 0.88

    def _wished(self, random: Random) -> tuple[Words, float]:
        """Like "It could have been great", "I wanted to like it"."""
        kind, adjective = random.random(), self._adjective(random, True)
        *about, copula = self._subject(random)
        if kind < 0.4:
            return (*about, *_drawn(random, _UNREAL), adjective), WISHED
        if kind < 0.6:
            more = ("more", adjective) if random.random() < 0.6 else ("better",)
            return ("i", *_drawn(random, (("wish",), ("only", "wish"))), *about, copula, *more), WISHED
        verb = self._one(random, self._lexicon.verbs[True])
        if kind < 0.8:
            return ("i", *_drawn(random, _HOPES), verb, *self._object(random)), WISHED
        good = bool(random.random() < 0.5)
        expected = (("i", "expected", "it", "to", "be"), ("i", "thought", "it", "would", "be"))
        first = (*_drawn(random, expected), self._adjective(random, not good))
        return (*first, *_drawn(random, (("and",), ("but",), ())), "it", "was", self._adjective(random, good)), (
            LAST_WORD if good else 1 - LAST_WORD
        )

    def _compared(self, random: Random) -> tuple[Words, float]:
        """Like "More exciting than I expected", "not as funny as the original"."""
        good, noun = bool(random.random() < 0.6), self._noun(random)
        adjective = self._adjective(random, good)
        other = _drawn(
            random,
            (("the", "book"), ("the", "original"), ("the", "first", "one"), ("most", noun + "s"), ("i", "expected")),
        )
        head = _drawn(random, ((), ("it", "is"), ("it", "was"), ("even",), ("far",), ("this", noun, "is")))
        ways = (("more", adjective, "than"), ("less", adjective, "than"), ("not", "as", adjective, "as"))
        way = ways[random.integers(3)]
        if way[0] == "not" and head in (("even",), ("far",)):
            head = ()
        return (*head, *way, *other), _sure(good) if way[0] == "more" else NOT_GOOD if good else NOT_BAD

    def _joined(self, random: Random) -> tuple[Words, float]:
        """Like "Not that bad and the songs are great", "it is slow but I loved it"."""
        simple = (self._felt, self._called, self._denied, self._denied)
        first, p = simple[random.integers(len(simple))](random)
        last, q = simple[random.integers(2)](random)
        if (p > 0.5) == (q > 0.5):
            return (*first, *_drawn(random, (("and",), ())), *last), _sure(q > 0.5)
        words = (
            ("although", *first, *last)
            if random.random() < 0.2
            else (*first, *_drawn(random, (("but",), ("yet",))), *last)
        )
        return words, LAST_WORD if q > 0.5 else 1 - LAST_WORD


def _sure(good: bool) -> float:
    return PLAIN if good else 1 - PLAIN


def _drawn(random: Random, ways: Sequence[Words]) -> Words:
    return ways[int(random.integers(len(ways)))]
