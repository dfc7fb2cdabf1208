"""Opposites of words that reviews use, and how a word is negated in plain English. Written by hand for this project."""

from __future__ import annotations

from collections.abc import Sequence

from models.compare.edits import WordEdit, like
from models.text import Token, Vocabulary, key

# word: its opposites, the best one first. Read both ways.
_PAIRS = """
good: bad, poor | great: terrible, poor | best: worst | better: worse | wonderful: dreadful, awful | excellent: awful
superb: dreadful, poor | brilliant: stupid, dull | beautiful: ugly | gorgeous: ugly, hideous | lovely: nasty
amazing: unimpressive, dull | fantastic: lousy | outstanding: mediocre | perfect: flawed | perfectly: badly
masterpiece: disaster, mess | gem: dud, stinker | classic: flop | favorite: least | favourite: least
love: hate | loved: hated | loves: hates | loving: hating | like: dislike | liked: disliked | enjoy: suffer
enjoyed: endured, hated | enjoyable: tedious, unpleasant | entertaining: boring | entertained: bored | fun: tedious
funny: unfunny | hilarious: unfunny | exciting: boring | excited: bored | thrilling: dull, boring | thrilled: bored
gripping: tedious | fascinating: boring | fascinated: bored | interesting: boring, dull | interested: bored
engaging: dull | absorbing: tedious | captivating: boring | moving: cold, boring | touching: cold | tender: harsh
warm: cold | charming: irritating, annoying | delightful: annoying | pleased: annoyed, disappointed
delighted: disappointed | satisfied: disappointed | satisfying: disappointing | impressive: disappointing
impressed: disappointed | memorable: forgettable | original: derivative, predictable | fresh: stale
clever: stupid | smart: dumb | intelligent: stupid | wise: foolish | subtle: clumsy | graceful: clumsy
convincing: unconvincing | believable: unbelievable | realistic: unrealistic | natural: wooden | lively: wooden
talented: untalented | strong: weak | strongest: weakest | powerful: weak | deep: shallow | rich: thin | careful: sloppy
patient: impatient | happy: sad | happily: sadly | laugh: cry | laughed: yawned | laughs: yawns | laughing: yawning
right: wrong | true: false | real: fake | clear: confusing | simple: complicated | fast: slow | quick: slow
quickly: slowly | long: short | longer: shorter | early: late | first: last | always: never | everything: nothing
everyone: nobody, no one | everybody: nobody | all: none | more: less | most: least | many: few | much: little
success: failure | succeeds: fails | succeed: fail | succeeded: failed | works: fails | win: lose | won: lost
recommend: avoid | recommended: avoided | watch: skip | see: avoid, miss | worth: without | worthwhile: pointless
treasure: waste | remember: forget | remembered: forgot | unforgettable: forgettable | praise: blame | kind: cruel
friendly: hostile | bright: dark | light: heavy | beautifully: badly | well: badly, poorly | brilliantly: terribly
wonderfully: terribly | superbly: terribly | glad: sorry | hope: despair | hopeful: hopeless | joy: misery
pleasure: pain | hero: villain | alive: dead | life: death | beginning: end | up: down | high: low | highly: hardly
10/10: 1/10 | 9/10: 2/10 | 8/10: 3/10 | 7/10: 4/10
bad: good, great | awful: wonderful, excellent | terrible: wonderful, great | horrible: wonderful | worst: best
dull: exciting, brilliant | boring: exciting, interesting | bored: thrilled, excited | boredom: excitement
annoyed: delighted, pleased | annoying: charming | disappointed: delighted, impressed | disappointing: impressive
disappointment: delight | mess: masterpiece | waste: treasure | wasted: treasured | stupid: clever, brilliant
poor: excellent, rich | poorly: beautifully, well | badly: well, beautifully | wooden: lively, natural
unfunny: funny, hilarious | painfully: delightfully | painful: delightful | drags: flies | clumsy: graceful
embarrassed: proud | avoid: see, watch | hate: love | hated: loved | yawned: laughed | slow: fast | lousy: fantastic
lame: clever | crap: gold | trash: treasure | garbage: gold | rubbish: gold | pathetic: admirable | weak: strong
predictable: surprising, original | ridiculous: sensible | pointless: meaningful, worthwhile | mediocre: outstanding
nothing: everything | never: always | worse: better | fails: works, succeeds | failed: succeeded | failure: success
sad: happy | terribly: wonderfully | dreadful: wonderful | tedious: gripping | forgettable: memorable | cheap: lavish
"""
_NEGATIONS = {"not": None, "never": None, "hardly": None, "barely": None}
_POSITIVE = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
_CONTRACTED = {
    "can": "can't",
    "will": "won't",
    "shall": "shan't",
    "am": "am not",
    "may": "may not",
    "might": "might not",
}
_AUXILIARIES = frozenset("is are was were has have had do does did could would should must".split())
_DETERMINERS = frozenset("a an the another".split())
_PLURAL, _SINGULAR = frozenset("i you we they".split()), frozenset("he she it who which this that".split())
_ADVERBS = frozenset("also just still even only always often both all too quite so very rather".split())
_PAST = {
    "saw": "see", "thought": "think", "felt": "feel", "found": "find", "got": "get", "made": "make", "went": "go",
    "knew": "know", "left": "leave", "cried": "cry", "wept": "weep", "came": "come", "took": "take", "said": "say",
    "gave": "give", "kept": "keep", "fell": "fall", "sat": "sit", "slept": "sleep", "wrote": "write", "told": "tell",
    "began": "begin", "became": "become", "won": "win", "lost": "lose", "paid": "pay", "stood": "stand", "ran": "run",
}  # fmt: skip


def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    entries = [entry.split(": ") for line in _PAIRS.split("\n") for entry in line.split(" | ") if entry]
    forward = [(word, other) for word, others in entries for other in others.split(", ")]
    for word, other in [*forward, *((other, word) for word, other in forward)]:
        if other not in found.setdefault(word, []):
            found[word].append(other)
    return {word: tuple(others) for word, others in found.items()}


OPPOSITES = _table()


def opposites(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Opposites of a word (as typed) that the network knows, the best one first; none for most words."""
    return tuple(other for other in OPPOSITES.get(key(word), ()) if other in vocabulary)


def is_negation(word: str) -> bool:
    """Whether a word denies what follows: ``not``, ``never``, ``isn't`` …; for a reader's warning, not for an edit."""
    lower = word.lower().replace("’", "'")
    return lower in _NEGATIONS or lower in ("no", "nothing", "nobody", "without") or lower.endswith("n't")


def negation(tokens: Sequence[Token], timestep: int, vocabulary: Vocabulary) -> WordEdit:
    """Negate a word the way one would say it, or take its negation back.

    ``was`` → ``wasn't``; I ``loved`` → I ``didn't love``; ``a`` good film → ``not a`` good film; ``good`` → ``not
    good``; ``isn't`` → ``is``; not ``bad`` → bad. Where the negation belongs to the word before, that one is edited.
    """
    word = key(tokens[timestep].text)
    for place in (timestep, timestep - 1):
        if place >= 0:
            undone = _undone(tokens[place].text)
            if undone is not None:
                return WordEdit(place, tokens[place].text, undone or None)
    if word in _AUXILIARIES or word in _CONTRACTED:
        return _edit(tokens, timestep, _CONTRACTED.get(word, f"{word}n't"))
    if word in _DETERMINERS:
        return _before(tokens, timestep)
    subject = timestep - 1
    while subject >= 0 and subject > timestep - 3 and _is_adverb(key(tokens[subject].text)):
        subject -= 1
    before = key(tokens[subject].text) if subject >= 0 else ""
    if before in _DETERMINERS:
        return _before(tokens, subject)
    verb = _denied(word, before, vocabulary)
    return _edit(tokens, timestep, verb) if verb else _before(tokens, timestep)


def _undone(text: str) -> str | None:
    """A negation taken back: "" for a word that goes, None for a word that is none."""
    word = key(text)
    if word in _NEGATIONS:
        return ""
    if word in _POSITIVE or word.endswith("n't"):
        return like(_POSITIVE.get(word, word[:-3]), text)
    return None


def _denied(word: str, subject: str, vocabulary: Vocabulary) -> str | None:
    """``didn't love`` for ``loved`` after a subject; None where the word is no verb that we can tell."""
    if subject not in _PLURAL | _SINGULAR or _is_adverb(word) or not word.isalpha():
        return None
    base = _PAST.get(word)
    if base is None and word.endswith("ed"):
        stems = [word[:-1], word[:-2], word[:-3], word[:-3] + "y" if word.endswith("ied") else ""]
        base = _commonest(stems, vocabulary)
    if base is not None:
        return f"didn't {base}"
    if subject in _SINGULAR:
        if not word.endswith("s") or word.endswith("ss"):
            return None
        stems = [word[:-1], word[:-2], word[:-3] + "y" if word.endswith("ies") else ""]
        base = _commonest(stems, vocabulary)
        return None if base is None else f"doesn't {base}"
    return f"don't {word}"


def _commonest(stems: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The stem that stands first in the vocabulary, which is sorted by frequency."""
    known = [stem for stem in stems if len(stem) > 1 and stem in vocabulary]
    return min(known, key=vocabulary.id) if known else None


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 4)


def _edit(tokens: Sequence[Token], place: int, after: str) -> WordEdit:
    return WordEdit(place, tokens[place].text, like(after, tokens[place].text))


def _before(tokens: Sequence[Token], place: int) -> WordEdit:
    """``not`` in front of a word. At the start of the text it takes over the capital."""
    text = tokens[place].text
    if place == 0 and text[:1].isupper() and not text[1:].isupper():
        return WordEdit(place, text, f"Not {text[:1].lower()}{text[1:]}")
    return WordEdit(place, text, f"{'NOT' if len(text) > 1 and text.isupper() else 'not'} {text}")
