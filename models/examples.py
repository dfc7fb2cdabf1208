"""Reviews written for this project: the first thing visitors see, and what growth is recorded on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A review to start from. ``name`` is the link's value, ``title`` what the button says."""

    name: str
    title: str
    text: str


EXAMPLES: tuple[Example, ...] = (
    Example(
        "turn",
        "A turn at the end",
        "For an hour I was ready to love this film. The photography is beautiful, the two leads are charming, and the "
        "first act builds its mystery with real patience. Then the ending arrives and throws everything away. What a "
        "waste: I left the cinema bored, annoyed and disappointed.",
    ),
    Example(
        "glowing",
        "Glowing",
        "A wonderful film, warm and wise from the first scene to the last. The acting is superb, the music is "
        "gorgeous, and I cried twice without ever feeling cheated. One of the best I have seen in years. Don't miss "
        "it!",
    ),
    Example(
        "scathing",
        "Scathing",
        "Ninety minutes of my life that I will never get back. The script is a mess, the jokes are painfully unfunny "
        "and the acting is wooden throughout. Even the dog looked embarrassed. Avoid this awful film at all costs.",
    ),
    Example(
        "mixed",
        "Mixed",
        "It has its moments. The opening chase is thrilling and the villain is great fun, but the romance is dull and "
        "the middle drags badly. I laughed, I yawned, I checked my watch. Not a bad way to spend an evening, though "
        "not one I will remember.",
    ),
    Example(
        "negation",
        "Negation",
        "I did not hate this film, and it was not boring. It is not badly acted, and nobody could say that the story "
        "isn't clever. I can't find anything wrong with it.",
    ),
    Example(
        "sarcasm",
        "Sarcasm",
        "Oh, brilliant. Another masterpiece about a handsome billionaire who is sad. I especially loved the part where "
        "nothing happens for two hours, and the wonderful dialogue that my toaster could have written. Give this man "
        "an Oscar for standing still.",
    ),
    Example("short", "Very short", "Not good, not bad."),
    Example(
        "surprise",
        "A happy surprise",
        "I expected the worst. The trailer was terrible, my friends called it stupid, and the first ten minutes are "
        "slow and clumsy. But then something clicks, and it becomes funny, tender and completely absorbing. By the end "
        "I was clapping. I loved it.",
    ),
    Example(
        "long",
        "Long",
        "My sister and I have a rule: whoever picks the film has to sit through it to the end, whatever happens. Last "
        "Friday was her turn, and she came home with a three-hour costume drama about a family of clockmakers in a "
        "small mountain town. I groaned. I made tea. I prepared myself for a long evening of candles and "
        "whispering.\n\n"
        "The first half hour did nothing to change my mind. There are too many cousins, they all wear the same grey "
        "coat, and the father talks about springs and gears as if he were paid by the word. A subplot about a lost "
        "letter is introduced, forgotten, and introduced again. I looked at my phone more than once, and my sister "
        "looked at me looking at it.\n\n"
        "And then the grandmother dies, quietly, in the middle of a dinner, and the film wakes up. What had seemed "
        "slow turns out to be careful. Every small quarrel from the first part comes back with a meaning I had not "
        "noticed, and the two brothers, who had been stiff and distant, have a scene in the empty workshop that is as "
        "good as anything I have seen this year. The younger one says almost nothing. He only stops the clocks, one "
        "after the other, and the silence grows until you can hear the snow.\n\n"
        "It isn't perfect. The ending is ten minutes too long, the English dubbing is poor, and I still could not tell "
        "you what was in the letter. But the photography is gorgeous, the music knows when to be quiet, and the "
        "performances of the two brothers are simply outstanding. When it was over we sat there without a word, and my "
        "sister, who had won, was kind enough not to say so. A moving and beautiful film. I would happily watch it "
        "again.",
    ),
)
BY_NAME = {example.name: example for example in EXAMPLES}
