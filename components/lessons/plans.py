"""The lessons: what each step says, asks and shows."""

from __future__ import annotations

from components.lessons import handout_tasks
from components.lessons import panels as show
from components.lessons import questions as ask
from components.lessons.board import Lesson, Step
from components.lessons.spelling_plans import HELLO, LONG
from models.card import PLAIN_TRIO

LESSONS: tuple[Lesson, ...] = (
    HELLO,
    Lesson(
        "words",
        "One word at a time",
        "The first half is dull, but the ending is wonderful.",
        (
            Step(
                "Words become numbers",
                "A network reads no letters. Each word is looked up in a list, and its place there is its id. Each id "
                "has a row of numbers of its own, learnt in training: the word vector. Words that are not in the list "
                "all share one id.",
                show.ids,
                at_a_word=True,
                sees="Under each word its id. Below, the words whose vectors lie closest to that of the word you look "
                "at.",
            ),
            Step(
                "A state, changed by every word",
                "What the network has read so far is held in rows of numbers. The one in the picture is the hidden "
                "state: every word makes a new one out of the old one and the word vector. A column is the state "
                "after one word, and a row is one unit, one of its numbers.",
                show.states,
                at_a_word=True,
                sees="Pale is near zero; the scale stands at the right. The frame is the word you look at.",
            ),
            Step(
                "A verdict after every word",
                "The output layer makes one number of what the states say so far, the logit z, and σ(z) = 1 / (1 + "
                "e⁻ᶻ) is P(positive). The LSTM learnt to judge after every word, so you can watch its verdict form.",
                show.running_prediction,
                ask.largest_step,
                sees="The line is P(positive) after each word, the picture below it the hidden state at the same word.",
            ),
            Step(
                "Every word’s share",
                "The verdict can be divided among the words, and nothing is left over: their shares and the bias sum "
                "to the logit. A share depends on the words before it; try the sentence with another beginning.",
                show.shares,
                ask.lowest_share,
                sees="The stronger a word’s colour, the larger its share; the small number is the share.",
            ),
        ),
        handout_tasks.words,
        finds_the_word=True,
        argue="Nobody told the network what a word means, only whether whole reviews were positive. Has it "
        "learnt what “dull” means, or only what stands near it? What would convince you of either?",
    ),
    Lesson(
        "gates",
        "What a gate does",
        "The story is slow, but the acting is never less than wonderful.",
        (
            Step(
                "A memory with three gates",
                "Beside the hidden state an LSTM carries a second row of numbers, the cell state: its memory. Gates "
                "are numbers from 0, shut, to 1, open. At every word the forget gate says how much of the memory is "
                "kept, the input gate how much of the new is written, the output gate how much is shown. Here is one "
                "of its units: play the sentence and watch the gates.",
                show.one_cell,
                at_a_word=True,
                wide=True,
                sees="The words as they are read, P(positive) so far, and one unit’s cell. A ring is a gate, and a "
                "wire is as thick as the number it carries.",
            ),
            Step(
                "One unit, one word, by hand",
                "cell state = forget gate · old cell state + input gate · candidate. Here is that line with the "
                "network’s own numbers, at the word you choose. Do it on the board: it comes out at the digits shown.",
                show.arithmetic("lstm"),
                ask.how_much_is_kept("lstm", "forget", "its memory"),
                at_a_word=True,
                wide=True,
                sees="A row a gate: what word, memory and bias say, their sum, and the sum squashed. Below, the two "
                "states.",
            ),
            Step(
                "The same with two gates",
                "A GRU has no memory apart from its state. Its update gate says how much of the old state stays; the "
                "rest is taken from the candidate. Its reset gate says how much of the old state the candidate sees.",
                show.arithmetic("gru"),
                ask.how_much_is_kept("gru", "update", "its old state"),
                at_a_word=True,
                wide=True,
                sees="A row a gate, as before. The last line mixes the old state with the candidate.",
            ),
            Step(
                "And without any gate",
                "A SimpleRNN makes its whole state anew at every word: tanh of what the word says, what the old state "
                "says, and a bias. Nothing guards what its state has read; its verdict looks back at the mean and "
                "the maximum of all states.",
                show.arithmetic("simple_rnn"),
                ask.word_or_memory,
                at_a_word=True,
                wide=True,
                sees="One row: word, memory and bias, their sum, and tanh of it, which is the new state.",
            ),
        ),
        handout_tasks.gates,
        argue="The gates were learnt, not set by hand. When a gate shuts at a word, has the network decided "
        "something? Who has?",
    ),
    LONG,
    Lesson(
        "memory",
        "How far back it remembers",
        "I loved this film from the first minute. We had tickets for the late show on a rainy Tuesday, the hall was "
        "half empty, and the people behind us talked about a football match for most of the evening.",
        (
            Step(
                "What reaches the end",
                "Three networks that differ in nothing but the cell. Change the state at one word a little: how much "
                "does the last state change? That is the gradient through time. Where it has fallen to a millionth, "
                "next to nothing of that word reaches the end, and next to nothing could be learnt over that "
                "distance.",
                show.through_time,
                ask.shortest_memory,
                at_a_word=True,
                sees="One line a network; the last word is at the right. Equal steps down divide by equal factors: the "
                "further a line falls to the left, the less reaches the end.",
            ),
            Step(
                "Two hundred words",
                "The same over a whole review. Here are the first 200 words of the longest example of this app; "
                "these figures do not depend on the sentence.",
                show.over_200_words,
                ask.two_hundred_words,
                sees="One line a network, on a logarithmic scale; the right end is the last word.",
            ),
            Step(
                "What is left of a verdict",
                "A verdict has to survive what comes after it. Behind three words of praise come words without an "
                "opinion, up to 200. The faint lines are three words of blame: where a faint line meets its own, "
                "nothing is left of what was read. These figures do not depend on the sentence.",
                show.behind_neutral_words,
                ask.furthest_from_its_verdict,
                sees="From left to right, more and more words stand behind the three. The dotted line is 0.5.",
            ),
            Step(
                "Your word",
                "Now put such words behind a word of your own sentence, and move the slider. Gates were invented for "
                "this: to carry a state over words that do not matter. All three judge by their last state alone.",
                show.fillers,
                at_a_word=True,
                wide=True,
                sees="Over the number of words behind yours: the verdict, and the gradient at your word. The upright "
                "line is the slider.",
            ),
            Step(
                "Side by side",
                "The same sentence, three networks, one axis of words. Look straight down from a word to see who "
                "reacts to it, who comes back from it, and where they part ways.",
                show.running_side_by_side,
                sees="A row a network, a point a word. Above the middle of a row is positive.",
            ),
            Step(
                "Who was moved by what",
                "The same three, and what every word added to each verdict. A bar upwards pushes towards positive, a "
                "bar downwards towards negative; what a network has lost on the way shows as no bar at all.",
                show.credit_side_by_side,
                sees="A row a network, a bar a word, on one axis of words.",
            ),
        ),
        handout_tasks.memory,
        compares=PLAIN_TRIO,
        argue="A gradient can reach the first word although the verdict has forgotten it. What would you "
        "measure before you say that a network remembers something?",
    ),
    Lesson(
        "order",
        "Order matters",
        "This film was good, not bad.",
        (
            Step(
                "What a word count cannot see",
                "The same words in another order are the same to a model that counts words: it must give all three "
                "versions one verdict. These networks read one word after the other.",
                show.other_orders,
                ask.backwards,
                sees="A row an order, a mark a network. Right of the dotted line is positive.",
            ),
            Step(
                "Take one word out",
                "Small words can matter more than loud ones, because they change what others mean. Each row of the "
                "picture is the sentence without one of its words.",
                show.one_word_less,
                ask.strongest_word,
                sees="The whole sentence is on top. The further a mark stands from the one on top, the more that word "
                "mattered.",
            ),
        ),
        handout_tasks.order,
        argue="Read backwards, the words say nothing to you, and the network still gives a verdict. Should it "
        "be able to say “I cannot tell”? When?",
    ),
    Lesson(
        "sure",
        "How sure is sure?",
        "The first half is slow, the second half is better.",
        (
            Step(
                "A number that can be checked",
                "P(positive) = 0.8 should mean: of a hundred reviews with that score, eighty are positive. Whether it "
                "does can be counted, on test reviews that were kept apart.",
                show.score,
                ask.scored_alike,
                sees="The mark on the bar is this sentence. Below it, how test reviews with such a score turned out.",
            ),
            Step(
                "Is it so at every score?",
                "Each point stands for the test reviews with about the same score. On the diagonal, the score is the "
                "share that really was positive; below it the network is too positive, above it too negative. Too "
                "cautious means: too near the middle. These figures do not depend on the sentence.",
                show.calibration,
                wide=True,
                sees="Above, the share that was positive at each score; below, how many reviews had it. Upright "
                "strokes: what chance allows.",
            ),
            Step(
                "Less than a review",
                "They learnt from whole film reviews. What about a part of one, or a single sentence? The pieces were "
                "cut from reviews whose words trained no network. These figures do not depend on the sentence.",
                show.accuracy("Pieces of reviews"),
                ask.whole_or_sentence,
                wide=True,
                sees="A row a kind of piece, a mark a network. Thin lines are what chance allows, the dotted line is a "
                "coin.",
            ),
            Step(
                "Where it fails",
                "And what about sarcasm, a hotel, a critic’s line? These texts were written for this app. At a kind "
                "whose line crosses 50 % a coin might do as well; left of it a coin does better. These figures do not "
                "depend on the sentence.",
                show.accuracy("Written for Unrolled"),
                wide=True,
                sees="A row a kind of text, a mark a network. The thin lines are longer here, because these texts are "
                "few.",
            ),
        ),
        handout_tasks.sure,
        argue="A network is right on 93 of 100 reviews, and says how sure it is. For which decisions about a "
        "person would that be enough?",
    ),
)
BY_NAME = {lesson.name: lesson for lesson in LESSONS}
