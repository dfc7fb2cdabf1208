"""Faults in what is computed."""

from __future__ import annotations

from tests.faults.fault import Fault

FAULTS = (
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
        "models/figures/statistics.py",
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
    Fault("models/foreign/check.py", "if not _IMDB.items()", "if not {}.items()", "no IMDB ids"),
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
)
