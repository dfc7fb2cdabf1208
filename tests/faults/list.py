"""The faults: each a file, a text that stands in it once, what it becomes, and what that breaks.

The tests run the faulty code for real. So no fault may do harm where it is run: none in what signals processes, removes
files or reaches out to other machines.
"""

from __future__ import annotations

from dataclasses import dataclass

# Where to look first for the tests of a folder or a file, the longest path that fits. The whole lane is asked by
# ``--whole``.
TESTS = {
    "components/about/": "pages/test_about.py",
    "components/batch/": "unit/test_batch_text.py pages/test_batch.py",
    "components/compare/": "unit/test_edit_results.py pages/test_compare.py",
    "components/evaluation/": "unit/test_evaluation_charts.py unit/test_challenges.py pages/test_evaluation.py "
    "pages/test_what_people_type.py",
    "components/inside/": "unit/test_inside_text.py unit/test_sides.py unit/test_inside_charts.py "
    "unit/test_memory_charts.py unit/test_input_panel.py pages/test_inside.py pages/test_inside_memory.py",
    "components/inside/state_space.py": "unit/test_architecture.py pages/test_inside_space.py",
    "components/ui/player/": "unit/test_player.py",
    "components/lessons/": "unit/test_words_as_read.py pages/test_lessons.py",
    "components/letters/": "unit/test_sides.py unit/test_letters.py pages/test_letters.py",
    "components/read/": "unit/test_sides.py pages/test_read.py pages/test_read_verdicts.py pages/test_share.py",
    "components/session/": "unit/test_links.py unit/test_words_as_read.py unit/test_saved_reading.py "
    "pages/test_handover.py pages/test_share.py pages/test_read.py",
    "components/session/work.py": "unit/test_gate.py pages/test_batch.py",
    "components/training/": "unit/test_curves.py unit/test_articles.py pages/test_training.py pages/test_articles.py",
    "components/ui/": "unit/test_sides.py unit/test_words_as_read.py unit/test_saved_reading.py "
    "unit/test_inside_charts.py pages/test_read.py",
    "components/ui/theme.py": "unit/test_theme.py unit/test_sides.py unit/test_curves.py",
    "components/your_network/": "pages/test_your_network.py",
    "models/": "unit/test_sides.py unit/test_catalog.py unit/test_text.py unit/test_sentiment.py",
    "models/card_facts.py": "unit/test_evaluation_charts.py unit/test_distance.py",
    "models/classroom.py": "unit/test_classroom.py",
    "models/compare/": "unit/test_sides.py unit/test_edits.py unit/test_verdicts.py unit/test_flips.py",
    "models/explain/": "unit/test_attribution.py unit/test_interventions.py unit/test_memory_charts.py "
    "unit/test_sentiment.py",
    "models/figures/": "unit/test_evaluation_figures.py unit/test_evaluation_charts.py unit/test_articles.py",
    "models/foreign/": "unit/test_foreign_preparation.py",
    "models/foreign/shelf.py": "unit/test_foreign_shelf.py",
    "models/foreign/table.py": "unit/test_foreign_keras2.py",
    "models/foreign/work.py": "unit/test_foreign_work.py",
    "models/history/": "unit/test_history_forms.py unit/test_curves.py",
    "models/jobs/": "unit/test_workshop.py",
    "models/letters/": "unit/test_letters.py",
    "models/nn/": "unit/test_cells.py unit/test_gradients.py unit/test_padding_and_heads.py unit/test_network.py",
    "models/scoring/": "unit/test_labels.py unit/test_tables.py unit/test_score.py unit/test_language.py",
    "models/scoring/output.py": "unit/test_score_outputs.py",
    "models/scoring/reviews.py": "unit/test_reviews.py",
    "models/statistics.py": "unit/test_evaluation_figures.py unit/test_evaluation_charts.py",
    "models/training/": "unit/test_workshop.py unit/test_training_parts.py",
    "models/training/data/": "unit/test_training_parts.py unit/test_imdb.py unit/test_additions.py",
    "models/training/fit/": "unit/test_calibration.py unit/test_training_parts.py",
    "models/training/report/": "unit/test_growth.py unit/test_states.py unit/test_evaluation_figures.py",
    "models/training/teachers/": "unit/test_additions.py unit/test_articles.py",
    "models/wording.py": "unit/test_wording.py",
    "pages/": "pages/",
    "pages/batch.py": "pages/test_batch.py",
    "pages/compare.py": "pages/test_compare.py",
    "pages/inside.py": "pages/test_inside.py",
    "pages/read.py": "pages/test_read.py pages/test_share.py",
    "pages/training.py": "pages/test_training.py",
    "serve.py": "unit/test_serving.py",
    "serving/": "unit/test_hosts.py unit/test_serving.py",
    "serving/hosts.py": "unit/test_hosts.py server/test_floods.py",
    "serving/incoming.py": "server/test_floods.py",
    "serving/logs.py": "server/test_logs.py",
    "serving/pace.py": "server/test_floods.py",
    "serving/visits.py": "server/test_floods.py",
    "serving/wake_ups.py": "unit/test_wake_ups.py",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``before`` stands in ``file`` exactly once."""

    file: str
    before: str
    after: str
    what: str

    @property
    def tests(self) -> list[str]:
        """The test files that are asked first."""
        place = max((place for place in TESTS if self.file.startswith(place)), key=len)
        return [f"tests/{name}" for name in TESTS[place].split()]


FAULTS = (
    # components
    Fault("components/about/cards.py", "100 * card.test_accuracy", "card.test_accuracy", "a share stands as per cent"),
    Fault("components/about/cards.py", "test.auc,", "test.accuracy,", "another column's figure"),
    Fault("components/batch/text.py", "(scored >= 0.5).sum()", "(scored > 0.6).sum()", "positive begins elsewhere"),
    Fault("components/batch/charts.py", "(scored * BINS)", "(scored * (BINS - 1))", "scores fall into the wrong bin"),
    Fault("components/batch/charts.py", "2 * middle - 1, colours", "1 - 2 * middle, colours", "a wrong colour side"),
    Fault("components/batch/job.py", ".split())[:EXCERPT]", ".split())[:3]", "excerpts of three letters"),
    Fault("components/compare/edit_results.py", "'rises' if q > p", "'rises' if q < p", "rises and falls exchanged"),
    Fault("components/compare/edit_results.py", "{signed(q - p, 3)}", "{signed(p - q, 3)}", "a sign"),
    Fault(
        "components/compare/charts/models.py",
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
    Fault("components/read/charts.py", "states[:, order].T", "states[:, order][::-1].T", "time runs backwards"),
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
        "state[keys.TIMESTEP] = timestep + 1",
        "state[keys.TIMESTEP] = timestep",
        "one word to the left",
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
        "models/figures/reading.py",
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
    Fault("components/ui/word_axis.py", "str(start + 1) for start", "str(start) for start", "words counted from 0"),
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
    # models
    Fault("models/text.py", ".lower()\n    else", "\n    else", "capitals are other words"),
    Fault("models/text.py", "if found is None or found == PADDING", "if found is None", "a word is read as padding"),
    Fault(
        "models/sentiment.py",
        'ids[-limit:] if self.card.unread_end == "start"',
        'ids[-limit:] if self.card.unread_end == "end"',
        "the wrong end is read",
    ),
    Fault("models/artifacts.py", "if _checksums[state] != expected", "if not expected", "an altered file is read"),
    Fault(
        "models/statistics.py",
        "math.sqrt(share * (1 - share) / n)",
        "math.sqrt(share * (1 - share)) / n",
        "a root over too little",
    ),
    Fault("models/compare/edits.py", "if len(model) > 1 and model.isupper()", "if model.isupper()", "I becomes A FILM"),
    Fault(
        "models/compare/readers.py", "self.trace.probability >= 0.5", "self.trace.probability > 0.5", "0.5 is negative"
    ),
    Fault("models/explain/running.py", "values.cumsum(0) / count", "values.cumsum(0) * count", "a mean that grows"),
    Fault("models/explain/memory.py", "logits - without", "without - logits", "a sign"),
    Fault(
        "models/explain/attribution.py",
        "network.embedding[ids]\n    baseline",
        "network.embedding[ids[::-1]]\n    baseline",
        "another word's vector",
    ),
    Fault(
        "models/foreign/preparation.py", "whole[over:], max(0", "whole[: self.maxlen], max(0", "the wrong end is cut"
    ),
    Fault("models/foreign/table.py", "both.sum(0) if gates", "both[0] if gates", "half the bias of a CuDNN layer"),
    Fault("models/foreign/work.py", "return timesteps * walked", "return walked", "long texts cost what one word does"),
    Fault("models/foreign/shelf.py", "json.dumps(words,", "json.dumps({},", "words are not kept"),
    Fault("models/foreign/check.py", '{"offset": 3, "start_id": 1, "oov_id": 2}.items()', "{}.items()", "no IMDB ids"),
    Fault("models/history/epochs.py", "shift - 1 + count", "shift + count", "steps one epoch late"),
    Fault(
        "models/jobs/training_job.py",
        "bool(_SAYS_WHY.match(line))",
        "not _SAYS_WHY.match(line)",
        "any line is a reason",
    ),
    Fault("models/jobs/dataset.py", "return None if count ==", "return None if count >=", "too many reviews will do"),
    Fault("models/letters/backpropagation.py", "d_h * (1 - h * h)", "d_h * (1 - h)", "tanh's slope"),
    Fault("models/letters/gradient_flow.py", "most / self.whole", "self.whole / most", "clipping makes it longer"),
    Fault("models/nn/cells.py", "np.subtract(h, g, new)", "np.subtract(g, h, new)", "a sign in the GRU"),
    Fault("models/nn/cells.py", "multiply(f, c, keep)", "multiply(i, c, keep)", "the input gate forgets"),
    Fault(
        "models/nn/recurrence.py",
        "lengths - 1 - timesteps",
        "lengths - timesteps",
        "read backward from one word too far",
    ),
    Fault(
        "models/nn/padding.py",
        '[*padding, *kept] if where == "pre"',
        '[*padding, *kept] if where == "post"',
        "padding at the other end",
    ),
    Fault(
        "models/scoring/labels.py",
        '"stars 5": Scale("stars out of 5", 2, 3.5)',
        '"stars 5": Scale("stars out of 5", 2, 2.5)',
        "three stars are praise",
    ),
    Fault(
        "models/scoring/export.py",
        'return "\'" + cell if live(cell)',
        "return cell if live(cell)",
        "a formula in a spreadsheet",
    ),
    Fault("models/scoring/columns.py", "after - before == 1", "after - before == 2", "a running number is a label"),
    Fault(
        "models/scoring/scoring.py", "np.divide(lacking, tokens)", "np.divide(tokens, lacking)", "a share upside down"
    ),
    Fault(
        "models/training/data/batches.py",
        "2 * position / (lengths[:, None] + 1)",
        "2 * position / lengths[:, None]",
        "weights whose mean is not 1",
    ),
    Fault(
        "models/training/recipe.py",
        "self.unlabelled_per_epoch or self.lang",
        "self.unlabelled_per_epoch and self.lang",
        "unlabelled reviews are not read",
    ),
    Fault("models/training/fit/calibration.py", "round(1 / slope, 4)", "round(slope, 4)", "a temperature upside down"),
    Fault("models/training/report/growth.py", "_STEP = 1 / 256", "_STEP = 1 / 16", "colours too coarse"),
    Fault(
        "models/training/teachers/additions.py",
        "LAST_WORD if positive else 1 - LAST_WORD",
        "1 - LAST_WORD if positive else LAST_WORD",
        "but means and",
    ),
    # pages, and what serves them
    Fault(
        "pages/read.py",
        "recent.remember(row, review, card, trace)",
        "recent.remember(row, review, card, None)",
        "nothing is remembered",
    ),
    Fault(
        "pages/compare.py",
        "elif section == handover.WHAT_IF",
        "elif section == handover.SIDE_BY_SIDE",
        "a section that never opens",
    ),
    Fault(
        "components/training/sections.py",
        'curves(drawn, "accuracy", along',
        'curves(drawn, "loss", along',
        "the same picture twice",
    ),
    Fault("pages/batch.py", "if len(scored) > 1:", "if len(scored) > 9:", "where models part ways is left out"),
    Fault(
        "pages/inside.py",
        "if trace.running_logits is None:",
        "if trace.running_logits is not None:",
        "a sentence on the wrong network",
    ),
    Fault("serve.py", 'f"./?{request.url.query}" if request', '"./" if request', "an old link loses its model"),
    Fault("serving/incoming.py", "MOST_WAITING = 100 ", "MOST_WAITING = 100_000 ", "a flood is worked off"),
    Fault(
        "serving/incoming.py",
        "Incoming.held_by_all > settings.value",
        "Incoming.held_by_all > 1_000 * settings.value",
        "beginnings of messages fill the memory",
    ),
    Fault("serving/pace.py", "if self._left < 0:", "if self._left < -1e9:", "somebody asks as often as he likes"),
    Fault("serving/hosts.py", '"client.allowedOrigins", []', '"client.allowedOrigins", ["x"]', "a window that steers"),
    Fault("serving/logs.py", "< _AGAIN:", "< -_AGAIN:", "an error fills the log"),
    Fault("serving/logs.py", '"logger.enableRich", False', '"logger.enableRich", True', "an error's words are printed"),
    Fault("serving/visits.py", 'settings.value("connections")', "10**9", "a process without room for more lets all in"),
    Fault("models/classroom.py", "and found.knows(phone):", "and False:", "one puts all out of their class"),
    Fault("serving/wake_ups.py", "self._waking = False\n", "pass\n", "an answer waits until somebody else asks"),
    Fault("components/session/work.py", "small = len(data) <= SMALL", "small = True", "files are read by the pages"),
    Fault("components/session/work.py", "each * sum(", "0 * sum(", "thirty pages look every moment"),
    Fault("models/scoring/reviews.py", "cells <= most_cells", "cells >= 0", "cells without end"),
    Fault(
        "models/scoring/records.py", "lines.put_back(rest)", "lines.put_back([])", "an open mark swallows what follows"
    ),
    Fault("models/scoring/output.py", "0 < found.bytes <= size", "0 < found.bytes", "a part cut short is gone on with"),
    Fault("models/figures/writing.py", "math.isnan(record) else record", "False else record", "NaN in a JSON file"),
    Fault("models/figures/curves.py", "(place == i).sum()", "(place >= i).sum()", "a bin counts those above it"),
    Fault("models/card_facts.py", "[row.test_accuracy for", "[row.minutes for", "another column's figure"),
)
