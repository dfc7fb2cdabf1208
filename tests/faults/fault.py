"""A fault: a file, a text that stands in it once, and what it becomes; and which tests are asked first."""

from __future__ import annotations

from dataclasses import dataclass

# Where to look first for the tests of a folder or a file, the longest path that fits. The whole lane is asked by
# ``--whole``.
TESTS = {
    "components/about/": "pages/test_about.py",
    "components/batch/": "unit/test_batch_text.py unit/test_batch_job.py pages/test_batch.py "
    "pages/test_batch_upload.py",
    "components/compare/": "unit/test_edit_results.py pages/test_compare.py pages/test_compare_edits.py",
    "components/evaluation/": "unit/test_evaluation_charts.py unit/test_evaluation_text.py pages/test_evaluation.py "
    "pages/test_what_people_type.py",
    "components/inside/": "unit/test_inside_text.py unit/test_sides.py unit/test_inside_charts.py "
    "unit/test_equations.py unit/test_memory_charts.py unit/test_input_panel.py pages/test_inside.py "
    "pages/test_inside_memory.py",
    "components/inside/state_space.py": "unit/test_architecture.py pages/test_inside_space.py",
    "components/ui/player/": "unit/test_player.py",
    "components/lessons/": "unit/test_words_as_read.py unit/test_lesson_questions.py pages/test_lessons.py",
    "components/letters/": "unit/test_sides.py unit/test_letters.py pages/test_letters.py",
    "components/read/": "unit/test_sides.py pages/test_read.py pages/test_read_verdicts.py pages/test_share.py",
    "components/session/": "unit/test_links.py unit/test_words_as_read.py unit/test_saved_reading.py "
    "pages/test_handover.py pages/test_share.py pages/test_read.py",
    "components/session/work.py": "unit/test_gate.py pages/test_batch_upload.py",
    "components/training/": "unit/test_curves.py unit/test_epoch_story.py unit/test_articles.py "
    "pages/test_training.py pages/test_articles.py",
    "components/ui/": "unit/test_sides.py unit/test_words_as_read.py unit/test_saved_reading.py "
    "unit/test_inside_charts.py pages/test_read.py",
    "components/ui/word_axis.py": "unit/test_words_as_read.py unit/test_edit_results.py pages/test_read.py",
    "components/ui/theme.py": "unit/test_theme.py unit/test_sides.py unit/test_curves.py",
    "components/your_network/": "pages/test_your_network.py",
    "models/": "unit/test_sides.py unit/test_catalog.py unit/test_text.py unit/test_sentiment.py",
    "models/card_facts.py": "unit/test_evaluation_text.py unit/test_distance.py",
    "models/classroom/": "unit/test_classroom.py",
    "models/compare/": "unit/test_challenge_texts.py unit/test_sides.py unit/test_edits.py unit/test_verdicts.py "
    "unit/test_flips.py",
    "models/explain/": "unit/test_attribution.py unit/test_interventions.py unit/test_memory_charts.py "
    "unit/test_sentiment.py",
    "models/figures/": "unit/test_evaluation_files.py unit/test_evaluation_figures.py unit/test_articles.py",
    "models/foreign/": "unit/test_foreign_preparation.py",
    "models/foreign/shelf.py": "unit/test_foreign_shelf.py",
    "models/foreign/table.py": "unit/test_foreign_keras2.py",
    "models/foreign/work.py": "unit/test_foreign_work.py",
    "models/history/": "unit/test_history_forms.py unit/test_history_files.py unit/test_saved_histories.py",
    "models/jobs/": "unit/test_training_job.py unit/test_dataset.py unit/test_keras_check.py",
    "models/letters/": "unit/test_letters.py",
    "models/nn/": "unit/test_cells.py unit/test_gradients.py unit/test_padding_and_heads.py unit/test_network.py",
    "models/scoring/": "unit/test_labels.py unit/test_tables.py unit/test_columns.py unit/test_export.py "
    "unit/test_score.py unit/test_language.py",
    "models/scoring/output.py": "unit/test_score_outputs.py",
    "models/scoring/reviews.py": "unit/test_reviews.py",
    "models/figures/statistics.py": "unit/test_statistics.py",
    "models/training/": "unit/test_training_job.py unit/test_training_parts.py",
    "models/training/data/": "unit/test_training_parts.py unit/test_imdb.py unit/test_additions.py",
    "models/training/fit/": "unit/test_calibration.py unit/test_training_parts.py",
    "models/training/report/": "unit/test_growth.py unit/test_states.py unit/test_evaluation_figures.py "
    "unit/test_challenge_figures.py unit/test_model_card.py",
    "models/training/teachers/": "unit/test_additions.py unit/test_articles.py",
    "models/wording.py": "unit/test_wording.py",
    "pages/": "pages/",
    "pages/batch.py": "pages/test_batch.py pages/test_batch_upload.py",
    "pages/compare.py": "pages/test_compare.py pages/test_compare_edits.py",
    "pages/inside.py": "pages/test_inside.py",
    "pages/read.py": "pages/test_read.py pages/test_share.py",
    "pages/training.py": "pages/test_training.py",
    "serve.py": "unit/test_serving.py unit/test_draining.py unit/test_listening.py",
    "serving/": "unit/test_hosts.py unit/test_serving.py unit/test_draining.py unit/test_listening.py",
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
