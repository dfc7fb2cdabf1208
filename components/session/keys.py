"""The names under which a visitor's session keeps what was set. Declared here alone, so that no two pages share one.

What several pages need has a name without a page in it; what only one page keeps begins with that page's. Keys of
single widgets that nobody else asks for stand where the widget is made.
"""

from __future__ import annotations

# What every page reads.
REVIEW, MODEL, EXAMPLE, TIMESTEP = "review", "model", "example", "timestep"
MODEL_PART = "model_part"
UNIT, LAYER = "unit", "layer"  # with the model behind it, and for a unit the layer
RECENT, EARLIER_OPEN, KEPT = "_recent_readings", "earlier", "_kept"

# The frame: routing, links, sharing, presenting.
ROUTED, LAST_PAGE, GO_TO, ADDRESS = "_routed", "_last_page", "_go_to", "_address"
PAGES = "_pages"
PRESENTING = "_presenting"
BAD_LINK, ASKED_MODEL = "_bad_link", "_asked_model"
VISIT, BROWSER, PART_KEEPS = "_visit", "kept-in-the-browser", "_part_keeps"
LINK_RESTORED, LINKED_TEXTS = "_link_restored", "_linked_texts"
SHARE_KIND, SHARE_OPEN = "share-kind", "_share_open"

# Compare.
COMPARE_MODELS, COMPARE_STATES, COMPARE_SECTION = "compare_models", "compare_states", "section"
EDITED, EDITED_FROM, EDIT_STEPS, EDIT_KNOWN = "edited", "edited_from", "edit_steps", "_edit_known"
EDIT_WORD, EDIT_GUIDE, EDIT_SEED, EDIT_ORIGIN = "edit_word", "edit_guide", "edit_seed", "edit_origin"
SMALLEST_CHANGE_JOB, SMALLEST_CHANGE_REFUSED = "smallest_change_job", "_smallest_change_refused"

# Inside.
CREDITS, FADED, FILLER_WORDS = "_credits", "_faded", "filler-words"
STATE_COLOURS = "state-colours"
SEARCHED = "_searched"
KERAS_RESULT, KERAS_ASKED = "_keras_result", "_keras_asked"
PANEL, PANEL_ASKED = "panel", "_panel_asked"

# Training.
RUNS, ALONG, GAP, ONE_RUN = "runs", "along", "gap", "made"
TRAINED_DRAWN, TRAINING_REFUSED, OWN_RUNS = "_trained_drawn", "_training_refused", "_own_runs"

# Evaluation.
JUDGED, SCORE, THRESHOLD = "judged", "score", "threshold"
PAIR_KIND, PAIR, PAIR_PAGE = "pair_kind", "pair", "pair_page"

# Batch.
BATCH_MODELS, BATCH_SOURCE, BATCH_LINES, BATCH_UPLOAD = "batch_models", "batch_source", "batch_lines", "batch_upload"
BATCHES, BATCH_PROBLEM, BATCH_PASTED, BATCH_FILE = "_batches", "_batch_problem", "_batch_pasted", "_batch_file"
BATCH_VERDICT, BATCH_REFUSED, BATCH_DUE = "batch_verdict", "_batch_refused", "_batch_due"

# Your network.
BROUGHT, BROUGHT_NOW, BROUGHT_PROBLEM, BROUGHT_DUE = "_brought", "_brought_now", "_brought_problem", "_brought_due"
BROUGHT_FULL, BROUGHT_BESIDE = "_brought_full", "_brought_beside"

# Lessons.
LESSON, LESSON_STEP, LESSON_WORDS = "lesson", "step", "lesson-words"
LESSON_OWN = "_lesson_own"
LESSON_CHECK, LESSON_CHECK_OPEN = "_lesson_check", "_lesson_check_open"
CLASS, CLASS_SENTENCE = "_class", "_class_sentence"

# Letters. In the address the first of them stand without "letters_".
LETTERS_WORD, LETTERS_CELL, LETTERS_UNITS = "letters_word", "letters_cell", "letters_units"
LETTERS_SEED, LETTERS_RATE, LETTERS_CLIP, LETTERS_UPDATES = (
    "letters_seed",
    "letters_rate",
    "letters_clip",
    "letters_updates",
)
LETTERS_EXAMPLE, LETTERS_BOARD, LETTERS_KIND = "letters_example", "letters_board", "letters_kind"
LETTERS_CLASSES = ("letters_first_class", "letters_second_class")
LETTERS_RUN, LETTERS_OTHERS, LETTERS_TASKS = "_letters_run", "_letters_others", "_letters_tasks"
