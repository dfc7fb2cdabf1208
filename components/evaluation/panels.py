"""The panels of the evaluation page: each takes the chosen models, and says itself what it cannot show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.evaluation import controls as evaluation
from components.evaluation import text as findings
from components.evaluation.charts import figures as charts
from components.evaluation.charts import slices
from components.ui.confusion import confusion_panel
from components.ui.figure import Figure
from components.ui.messages import plain
from components.ui.panel import heading, panel
from components.ui.theme import Palette
from models.figures.judged import Judged
from models.figures.records import Part


def side_by_side(
    models: Sequence[Judged], colours: Palette, *shown: Callable[[Sequence[Judged], Palette], None]
) -> None:
    """Some panels, each in a column."""
    for column, show in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        with column:
            show(models, colours)


def figures(models: Sequence[Judged], colours: Palette) -> None:
    """Accuracy, loss, AUC and calibration error as a table, with what chance allows."""
    table = evaluation.figures_table(models)
    heading("Side by side", findings.about_accuracy(models), key="figures", table=lambda: table, part="All models")
    evaluation.show_figures(table, models, colours)


def confusion(models: Sequence[Judged], colours: Palette) -> None:
    """One small picture a model of right and wrong verdicts, three or four in a row."""
    st.header("Right and wrong verdicts", anchor=False)
    across = 3 if len(models) <= 3 else 4
    for start in range(0, len(models), across):
        row = models[start : start + across]
        for column, model in zip(st.columns(across, gap="large"), row, strict=False):
            with column:
                confusion_of(model, colours)


def confusion_of(model: Judged, colours: Palette) -> None:
    """The right and wrong verdicts of one model."""
    sentence, key = findings.about_confusion(model), f"confusion-{model.card.name}"
    confusion_panel(model.title, model.title, sentence, model.figures.confusion, colours, key=key)


def of_part(
    title: str, models: Sequence[Judged], part: Part, figure: Figure, sentence: str, *, key: str, alt: str
) -> None:
    """A chart of one part of the figures, which all of these models have; its CSV holds the part as it was measured."""
    panel(
        title,
        sentence,
        figure,
        key=key,
        alt=f"{alt} {sentence}",
        table=lambda: evaluation.part_table(models, part),
    )


def _panel(
    title: str,
    models: Sequence[Judged],
    part: Part,
    chart: Callable[[list[Judged], Palette], Figure],
    about: Callable[[list[Judged]], str],
    colours: Palette,
    *,
    key: str,
    alt: str,
) -> None:
    def draw(there: list[Judged]) -> None:
        of_part(title, there, part, chart(there, colours), about(there), key=key, alt=alt)

    evaluation.panel_of(title, models, part, key, draw)


def roc(models: Sequence[Judged], colours: Palette) -> None:
    """ROC curves."""
    _panel(
        "ROC: reviews found against false alarms", models, "roc", charts.roc, findings.about_roc, colours,
        key="roc", alt="ROC curves with the upper left corner enlarged.",
    )  # fmt: skip


@st.fragment
def threshold(models: Sequence[Judged], colours: Palette) -> None:
    """What moving the threshold does; the slider stands under the chart."""
    title = "Moving the threshold"

    def draw(there: list[Judged]) -> None:
        place = st.container()
        chosen = evaluation.threshold_slider(there)
        figure, sentence = slices.by_threshold(there, chosen, colours), findings.about_threshold(there, chosen)
        with place:
            of_part(
                title, there, "thresholds", figure, sentence, key="thresholds", alt="Accuracy against the threshold."
            )

    evaluation.panel_of(title, models, "thresholds", "thresholds", draw)


@st.fragment
def calibration(models: Sequence[Judged], colours: Palette) -> None:
    """Calibration beside the sentence for one score."""
    title = "Calibration: does 0.8 mean 80 %?"

    def draw(there: list[Judged]) -> None:
        chart, meaning = st.columns([3, 2], gap="large")
        with meaning:
            heading(
                "Of test reviews scored like this…", "Choose a score, and see what became of its like.", key="score"
            )
            score = evaluation.score_slider(there)
            st.caption(
                "Bins are fifteenths of 0 to 1. The dotted line is where every score means what it says; marks above "
                "it: more reviews were positive than the scores say. Bars: what chance allows."
            )
        with chart:
            of_part(
                title, there, "calibration", charts.calibration(there, score, colours),
                findings.about_calibration(there), key="calibration",
                alt="Share of positive reviews against mean P(positive) in bins, and reviews in each bin.",
            )  # fmt: skip

    evaluation.panel_of(title, models, "calibration", "calibration", draw)


def stars(models: Sequence[Judged], colours: Palette) -> None:
    """Accuracy against the star rating, with the ratings that the data lacks shown as such."""
    _panel(
        "By star rating", models, "by_stars", slices.by_stars, findings.about_stars, colours,
        key="stars", alt="Accuracy against the reviewer's star rating, 1 to 10.",
    )  # fmt: skip


def length(models: Sequence[Judged], colours: Palette) -> None:
    """Accuracy against the length of the review."""
    _panel(
        "By length of the review", models, "by_length", slices.by_length, findings.about_length, colours,
        key="length", alt="Accuracy against the number of words.",
    )  # fmt: skip


def share(models: Sequence[Judged], colours: Palette) -> None:
    """Accuracy of the running prediction against the share of the review read so far."""
    _panel(
        "By how much of the review was read", models, "by_share_read", slices.by_share_read, findings.about_share,
        colours, key="read-so-far", alt="Accuracy of the running prediction against the share of words read.",
    )  # fmt: skip


def disagreement(models: Sequence[Judged], colours: Palette) -> None:
    """Where two models say different things, and who is right then."""
    title = "Where two models disagree"
    if len(models) < 2:
        heading(title, "Choose a second model above to see where the two part.", key="pairs")
        return
    found = findings.pairs(models)
    drawn = found[: evaluation.MOST_PAIRS]
    if drawn:
        sentence = findings.about_pairs(models, found)
        panel(
            title,
            sentence,
            charts.paired(drawn, colours),
            key="pairs",
            alt=f"For each pair of models, on how many reviews only one of them is right. {sentence}",
            table=lambda: evaluation.pair_table(found),
        )
        if len(found) > len(drawn):
            plain(f"Of {len(found)} pairs, the {len(drawn)} that disagree most are drawn; the CSV has all.", muted=True)
    else:
        heading(title, "None of the chosen pairs has the single verdicts.", key="pairs")
    evaluation.lacking(models, "right_bits")
