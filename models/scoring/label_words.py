"""Words that people write for positive, negative and neutral, in the languages such files come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Side = Literal["positive", "negative", "neutral", "missing"]

# Said of a review in so many words: they make a column of labels by themselves, whatever its heading. A low line
# stands for a blank.
_POSITIVE = """
positive pos positiv positivo positiva positivi positif positief positiivinen pozitif pozitiv pozitivni pozytywny
pozytywna pozitivan pozitivna olumlu позитивный позитивная позитив положительный положительная положительно позитивний
позитивен θετικο θετικη θετικος إيجابي ايجابي חיובי सकारात्मक ইতিবাচক 好评 正面 积极 積極 肯定 肯定的 好評 正向 ポジティブ
긍정 긍정적 tich_cuc fresh certified_fresh like liked likes_it love loved loves_it favourable favorable thumbs_up up
upvote recommended recommend happy joy happiness pleased satisfied excellent great 👍 😀 😊 🙂 😍 ❤
"""
_NEGATIVE = """
negative neg negativ negativo negativa negativi negatif negatief negatiivinen negativni negatywny negatywna
negativan negativna olumsuz негативный негативная негатив отрицательный отрицательная отрицательно негативний
отрицателен αρνητικο αρνητικη αρνητικος سلبي שלילי नकारात्मक নেতিবাচক 差评 负面 負面 消极 消極 否定 否定的 不評 负向
ネガティブ 부정 부정적 tieu_cuc rotten dislike disliked dislikes_it hate hated hates_it unfavourable unfavorable
thumbs_down down downvote not_recommended unhappy sad sadness anger angry fear disgust dissatisfied terrible awful
👎 😡 😠 🙁 😞 💔
"""
_NEUTRAL = """
neutral neutrale neutre neutro neutra neutraal neutraali neutralni neutralny neutralna neutralan notr tarafsiz
нейтральный нейтральная нейтрально нейтрал нейтральний ουδετερο محايد ניטרלי तटस्थ নিরপেক্ষ 中性 中立 中评
ニュートラル 중립 trung_tinh mixed neither ambivalent average meh surprise 😐
"""
# Too common to make a column of labels by themselves.
_ALSO_POSITIVE = "p + good true t yes y ja oui si sim да はい 是 evet tak gut bueno bon buono хорошо bom"
_ALSO_NEGATIVE = "n - − bad false f no nein non nao нет いいえ 否 hayir nie schlecht malo mauvais cattivo плохо ruim"
_MISSING = "unsup unlabeled unlabelled none unknown na n/a nan null ? #n/a <na> unsupervised"

_PREFIX = re.compile(r"^(?:__label__|label[_ :-]|class[_ :-]|sentiment[_ :-])")
_DEGREE = re.compile(
    r"^(?:very|extremely|somewhat|slightly|mostly|strongly|weakly|rather|highly|muy|molto|sehr|très|tres) "
)
_NOUN = re.compile(r" (?:review|sentiment|opinion|class|label|feedback)$")


def plain_label(cell: str) -> str:
    """A cell as it is compared: lower case, without accents, prefixes, quotation marks and brackets."""
    text = cell.strip().strip("\"'“”‘’()[]").strip().casefold()
    text = _PREFIX.sub("", text)
    if not text.isascii():
        text = _without_accents(text)
    if re.search(r"[^\W\d]", text):
        text = re.sub(r"[_\-]+", " ", text).strip()
    return text


def own_words(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What the words of brought networks for 0 and 1 mean in a column of labels; those that disagree are left out.

    Args:
        pairs: the two words of each network.
    """
    found: dict[str, str] = {}
    unclear = set()
    for pair in pairs:
        for word, meant in zip(map(plain_label, pair), ("negative", "positive"), strict=True):
            if found.setdefault(word, meant) != meant:
                unclear.add(word)
    return {word: meant for word, meant in found.items() if word and word not in unclear}


def side(plain: str) -> Side | None:
    """What a label says, as ``plain_label`` gives it: a side, "missing" for an empty one; None: it is no such word."""
    if not plain:
        return "missing"
    for shorter in (plain, _NOUN.sub("", plain), _DEGREE.sub("", _NOUN.sub("", plain))):
        if shorter in _SIDES:
            return _SIDES[shorter]
    return None


def speaks_for_itself(plain: str) -> bool:
    """Whether the word can only be somebody's verdict: ``positive`` can, ``yes`` could be anything."""
    return any(shorter in _CLEAR for shorter in (plain, _DEGREE.sub("", _NOUN.sub("", plain))))


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")


def _words(listed: str) -> set[str]:
    return {_without_accents(word.casefold()).replace("_", " ") for word in listed.split()}


_CLEAR = frozenset(_words(_POSITIVE) | _words(_NEGATIVE))
_SIDES: dict[str, Side] = {
    **dict.fromkeys(_words(_MISSING), "missing"),
    **dict.fromkeys(_words(_NEUTRAL), "neutral"),
    **dict.fromkeys(_words(_NEGATIVE) | _words(_ALSO_NEGATIVE), "negative"),
    **dict.fromkeys(_words(_POSITIVE) | _words(_ALSO_POSITIVE), "positive"),
}
