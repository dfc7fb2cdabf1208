"""Faults in what is drawn and said."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULTS = (
    Fault("components/about/cards.py", "100 * card.test_accuracy", "card.test_accuracy", "a share stands as per cent"),
    Fault("components/about/cards.py", "test.auc,", "test.accuracy,", "another column's figure"),
    Fault("components/batch/text.py", "(scored >= 0.5).sum()", "(scored > 0.6).sum()", "positive begins elsewhere"),
    Fault("components/batch/charts.py", "(scored * BINS)", "(scored * (BINS - 1))", "scores fall into the wrong bin"),
    Fault("components/batch/charts.py", "2 * middle - 1, colours", "1 - 2 * middle, colours", "a wrong colour side"),
    Fault("components/batch/job.py", ".split())[:EXCERPT]", ".split())[:3]", "excerpts of three letters"),
    Fault("components/compare/edit_results.py", "'rises' if q > p", "'rises' if q < p", "rises and falls exchanged"),
    Fault("components/compare/edit_results.py", "{signed(q - p, 3)}", "{signed(p - q, 3)}", "a sign"),
    Fault(
        "components/ui/word_axis.py",
        "np.where(values > 0, colours.positive",
        "np.where(values < 0, colours.positive",
        "credits in the other side's colour",
    ),
    Fault(
        "components/compare/charts/edits.py",
        "{old.trace.probability:.2f} → {new.trace",
        "{new.trace.probability:.2f} → {new.trace",
        "the original's verdict is the edited one's",
    ),
    Fault(
        "components/evaluation/text.py", "if lead > chance", "if lead < chance", "what chance moves is called a lead"
    ),
    Fault(
        "components/evaluation/text.py",
        '"positive" if alarms > missed',
        '"positive" if alarms < missed',
        "leans to the other side",
    ),
    Fault(
        "components/evaluation/charts/figures.py",
        "x, y = zip(*((point.false_rate, point.true_rate)",
        "x, y = zip(*((point.true_rate, point.false_rate)",
        "swapped axes",
    ),
    Fault(
        "components/evaluation/controls.py", "{html.escape(model.title)}</th>", "{model.title}</th>", "a dropped escape"
    ),
    Fault("components/inside/text.py", "np.abs(now - before)", "now - before", "a fall is no movement"),
    Fault(
        "components/inside/text.py",
        "{signed(values[up])}, word {up + 1}",
        "{signed(values[up])}, word {up}",
        "words counted from 0",
    ),
    Fault("components/inside/parts.py", "CONTENTS, STATES_WORDS)", "CONTENTS)", "states speak of the word before"),
    Fault(
        "components/inside/parts.py",
        "if section.open:\n                    part",
        "if True:\n                    part",
        "what is in closed panels is computed",
    ),
    Fault(
        "components/inside/equation.py",
        "'after' if backward else 'before'",
        "'before' if backward else 'after'",
        "the wrong neighbour of a backward layer",
    ),
    Fault("components/inside/state_space.py", 'f"{space.of} differ most.', '"{space.of} differ most.', "a missing f"),
    Fault("components/inside/charts/gates.py", "(values > OPEN).mean(0)", "(values > OPEN).mean(1)", "a swapped axis"),
    Fault(
        "components/inside/charts/gates.py", '-1.0 if name == "candidate" else 0.0', "0.0", "a candidate's lane from 0"
    ),
    Fault("components/inside/charts/memory.py", "drawn = 10 ** ", "drawn = ", "a logarithm drawn as it is"),
    Fault(
        "components/ui/player/payload.py",
        '"rises" if moves[place - 1] > 0',
        '"rises" if moves[place - 1] < 0',
        "rises and falls",
    ),
    Fault(
        "components/ui/player/payload.py",
        "np.argsort(-np.abs(weights)",
        "np.argsort(np.abs(weights)",
        "the lightest units first",
    ),
    Fault("components/lessons/questions.py", "int(share * 3 > 1)", "int(share * 3 > 2)", "a third is two thirds"),
    Fault(
        "components/lessons/questions.py", "(backward >= 0.5)", "(backward < 0.5)", "the right answer is the other one"
    ),
    Fault(
        "components/lessons/board.py",
        '"backwards", " ".join(words[::-1])',
        '"backwards", " ".join(words[:])',
        "backwards is forwards",
    ),
    Fault("components/lessons/charts.py", '"name": html.escape(title),', '"name": title,', "a dropped escape"),
    Fault("components/letters/text.py", "1 / run.outputs", "1 / len(word.read)", "guessing among the letters read"),
    Fault(
        "components/letters/controls.py",
        "if cell in CELLS else",
        "if cell not in CELLS else",
        "any cell from the address",
    ),
    Fault("components/read/recent.py", "html.escape(excerpt)", "excerpt", "a dropped escape"),
    Fault(
        "components/read/recent.py", "[new], len(new.review)", "[], len(new.review)", "the newest reading is forgotten"
    ),
    Fault(
        "components/ui/word_axis.py",
        "thinned(states[:, units], ",
        "thinned(states[::-1, units], ",
        "time runs backwards",
    ),
    Fault(
        "components/session/links.py",
        'len(data) > MOST_BYTES:\n        raise BadText("it is too long")',
        'len(data) > 9:\n        raise BadText("it is too long")',
        "no text fits into a link",
    ),
    Fault(
        "components/session/links.py",
        "if len(value) > MOST_URL",
        "if len(value) > 10 * MOST_URL",
        "a bound ten times too wide",
    ),
    Fault(
        "components/session/handover.py",
        "if model is not None:",
        "if model is None:",
        "a review is handed on without its model",
    ),
    Fault("components/session/share.py", "elif own_text:", "else:", "a visitor's text in a link without being asked"),
    Fault(
        "components/session/svg_export.py",
        "return html.escape(labels.relabelled(words.visible(text)))",
        "return labels.relabelled(words.visible(text))",
        "a dropped escape",
    ),
    Fault("components/training/curves_text.py", '"above" if gap > 0', '"above" if gap < 0', "above and below"),
    Fault(
        "components/training/curves_text.py",
        '"smaller" if lead < chance',
        '"smaller" if lead > chance',
        "chance the other way",
    ),
    Fault(
        "components/training/charts/curves.py",
        "family_symbol(history.family, history.rank)",
        "family_symbol(history.family, 0)",
        "two models of a family look alike",
    ),
    Fault(
        "components/training/charts/curves.py",
        '"solid" if curve.series == "training" else "dash"}',
        '"dash" if curve.series == "training" else "solid"}',
        "training and validation exchanged",
    ),
    Fault(
        "models/figures/json_file.py",
        "confusion.positive + confusion.negative != n",
        "confusion.positive + confusion.negative > n",
        "counts that do not add up are shown",
    ),
    Fault(
        "models/history/curves.py",
        'factor = 100 if quantity == "accuracy" else 1',
        "factor = 1",
        "shares as per cent",
    ),
    Fault(
        "models/figures/reported.py",
        "self.measured - self.reported",
        "self.reported - self.measured",
        "a sign",
    ),
    Fault(
        "components/ui/verdict.py",
        'side = "positive" if probability >= 0.5',
        'side = "positive" if probability > 0.5',
        "0.5 is negative",
    ),
    Fault("components/ui/words.py", '"up" if share > 0', '"up" if share < 0', "solid and dashed exchanged"),
    Fault(
        "components/ui/words.py",
        "html.escape(visible(review[position : position + 2_000]))",
        "visible(review[position : position + 2_000])",
        "a dropped escape",
    ),
    Fault("components/ui/word_axis.py", "columns(timesteps) + 1,", "columns(timesteps),", "words counted from 0"),
    Fault(
        "components/ui/theme.py",
        "return DARK if is_dark() else LIGHT",
        "return LIGHT if is_dark() else DARK",
        "dark on light",
    ),
    Fault(
        "components/your_network/upload.py",
        "words is None",
        "words is not None",
        "words are asked for where the network has them",
    ),
)
