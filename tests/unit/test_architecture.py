"""The rooms of the house: arrows point down only, a page knows no other page, and every room fits in one reading."""

from __future__ import annotations

import ast
import functools
import graphlib
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("serve", "serving", "app", "pages", "components", "models")
HEAVY = {"tensorflow", "keras", "gensim", "sklearn", "scipy"}
TRAINS = {"models/train.py", "models/evaluate.py"}
LONGEST_MODULE, LONGEST_PAGE = 300, 100
# The rooms of components/, from the ground up; every other folder there is one page's.
SHARED_ROOMS = ("components/ui", "components/session")
COMPOSE = {"components/lessons"}  # may show panels of other pages
KEYS = Path("components/session/keys.py")
STATE = ("st.session_state", "state")

SOURCES = sorted(
    path.relative_to(ROOT)
    for path in [*ROOT.glob("*.py"), *(file for layer in LAYERS for file in (ROOT / layer).rglob("*.py"))]
    if path.name != "go.py"
)

TESTS = sorted(path.relative_to(ROOT) for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
FILES = frozenset([*SOURCES, *TESTS])


@functools.cache
def tree(source: Path) -> ast.Module:
    return ast.parse((ROOT / source).read_text(encoding="utf-8"), str(source))


def imports(root: ast.AST) -> Iterator[str]:
    """Every module that the code imports anywhere, by its full dotted name."""
    for node in ast.walk(root):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which layer they reach"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def imported(source: Path) -> tuple[str, ...]:
    """The modules that are imported anywhere in this one, at once or later."""
    return tuple(imports(tree(source)))


@functools.cache
def imports_at_once(source: Path) -> tuple[str, ...]:
    """The modules that are imported as soon as this one is: not those inside functions or ``if TYPE_CHECKING``."""
    found: list[str] = []
    waiting: list[ast.AST] = [tree(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += imports(node)
        waiting += ast.iter_child_nodes(node)
    return tuple(found)


def libraries(source: Path) -> set[str]:
    """The top-level names of everything that the module imports, at once or later."""
    return {name.partition(".")[0] for name in imported(source)}


@functools.cache
def run_by(name: str) -> tuple[Path, ...]:
    """Our files that importing a name runs: those of the packages above it too."""
    parts = name.split(".")
    above = [Path(*parts[:n]) for n in range(1, len(parts) + 1)]
    return tuple(file for path in above for file in (path.with_suffix(".py"), path / "__init__.py") if file in FILES)


def reached(source: Path) -> dict[str, str]:
    """Heavy libraries that importing ``source`` imports too, each with the module of ours that does so."""
    found: dict[str, str] = {}
    seen: set[Path] = set()
    waiting = [source]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            found |= dict.fromkeys(HEAVY & {name.partition(".")[0] for name in imports_at_once(path)}, str(path))
            waiting += [file for name in imports_at_once(path) for file in run_by(name)]
    return found


def not_empty(findings: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    return {place: found for place, found in findings.items() if found}


def test_arrows_point_down_only() -> None:
    looks_up = {}
    for source in SOURCES:
        above = LAYERS[: LAYERS.index(source.parts[0].removesuffix(".py"))]
        looks_up[str(source)] = sorted(name for name in imported(source) if name.partition(".")[0] in above)
    assert not_empty(looks_up) == {}


def files_of(name: str) -> list[Path]:
    """The file of ours that an imported name comes from, [] where it is not ours: ``models.nn.cells.sigmoid``."""
    parts = name.split(".")
    candidates = [Path(*parts[:n]).with_suffix(".py") for n in range(len(parts), 0, -1)]
    return [path for path in candidates if path in FILES][:1]


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even later, inside a function: whoever moves a thing need not know who else waits for it."""
    arrows = {source: {file for name in imported(source) for file in files_of(name)} for source in SOURCES}
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        raise AssertionError(" imports ".join(str(path) for path in reversed(error.args[1]))) from None


def room(name: str) -> str:
    """The room a module stands in: ``components.inside.gates`` is in ``components/inside``."""
    return "/".join(name.split(".")[:2])


def test_a_page_knows_no_other_page() -> None:
    """``pages → components/<page> → components/session → components/ui → models``."""
    looks_aside = {}
    for source in SOURCES:
        if source.parts[0] not in ("components", "pages") or (
            source.parts[0] == "components" and len(source.parts) < 3
        ):
            continue
        here = "/".join(("components", source.stem) if source.parts[0] == "pages" else source.parts[:2])
        allowed = {here, *(SHARED_ROOMS[: SHARED_ROOMS.index(here)] if here in SHARED_ROOMS else SHARED_ROOMS)}
        others = {room(name) for name in imported(source) if name.startswith("components.")} - allowed
        if here not in COMPOSE or others & set(COMPOSE):
            looks_aside[str(source)] = sorted(others)
    assert not_empty(looks_aside) == {}


def test_no_module_stands_loose_among_the_rooms() -> None:
    loose = [str(s) for s in SOURCES if s.parts[0] == "components" and len(s.parts) == 2 and s.name != "__init__.py"]
    assert loose == []


def test_charts_draw_and_know_no_streamlit() -> None:
    charts = [source for source in SOURCES if "charts" in (*source.parts[:-1], source.stem)]
    assert charts
    assert not_empty({str(source): libraries(source) & {"streamlit"} for source in charts}) == {}


def test_figures_are_made_in_one_way() -> None:
    """Plotly's own objects cost more time than the networks; ``components/ui/figure.py`` alone knows them."""
    others = [source for source in SOURCES if source != Path("components/ui/figure.py")]
    assert not_empty({str(source): libraries(source) & {"plotly"} for source in others}) == {}


def test_session_keys_are_declared_in_one_file() -> None:
    """Whatever is kept for a visitor under a fixed name has that name in ``keys.py``."""
    typed = {}
    for source in SOURCES:
        if source == KEYS:
            continue
        arguments: list[ast.expr] = []
        for node in ast.walk(tree(source)):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) in STATE:
                arguments.append(node.slice)
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[0] in STATE:
                arguments += node.args[:1]
        typed[str(source)] = {a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    assert not_empty(typed) == {}


def test_models_know_no_screen() -> None:
    models = [source for source in SOURCES if source.parts[0] == "models"]
    assert not_empty({str(source): libraries(source) & {"streamlit", "plotly"} for source in models}) == {}


def test_only_the_training_rooms_know_tensorflow() -> None:
    others = [s for s in SOURCES if not s.is_relative_to("models/training") and str(s) not in TRAINS]
    assert not_empty({str(source): libraries(source) & HEAVY for source in others}) == {}
    assert not_empty({str(source): reached(source) for source in others}) == {}, "importing it imports them too"


def test_only_resources_caches() -> None:
    cached = {
        f"{source}:{node.lineno}": ast.unparse(node)
        for source in SOURCES
        for node in ast.walk(tree(source))
        if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource")
    }
    assert {
        place: name for place, name in cached.items() if not place.startswith("components/session/resources.py:")
    } == {}


def test_every_module_fits_in_one_reading() -> None:
    in_browser = [
        file for layer in LAYERS for end in ("js", "css", "html") for file in (ROOT / layer).rglob(f"*.{end}")
    ]
    sources = [*SOURCES, *TESTS, *(file.relative_to(ROOT) for file in in_browser)]
    lines = {source: len((ROOT / source).read_text(encoding="utf-8").splitlines()) for source in sources}
    longest = {source: LONGEST_PAGE if source.parts[0] == "pages" else LONGEST_MODULE for source in sources}
    assert {str(source): count for source, count in lines.items() if count > longest[source]} == {}


def test_every_module_says_what_it_is() -> None:
    assert [str(source) for source in SOURCES if not ast.get_docstring(tree(source))] == []


def placeholders(source: Path) -> Iterator[str]:
    """What stands in braces in a string that is no f-string, though it names things that the module knows.

    Looked for in the words of the source, not in its tree: there a part of a string without an f is not told from the
    parts beside it that have one.
    """
    root = tree(source)
    known = {node.id for node in ast.walk(root) if isinstance(node, ast.Name)}
    known |= {node.name for node in ast.walk(root) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    known |= {node.arg for node in ast.walk(root) if isinstance(node, ast.arg)}
    text = (ROOT / source).read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if (
            token.type != tokenize.STRING
            or "f" in re.split("[\"']", token.string.lower())[0]
            or token.string[-3:] in ('"""', "'''")
        ):
            continue
        for found in re.finditer(r"(?<![%{$])\{([^{}:!]+)(?:![ars])?(?::[^{}!;]*)?\}", token.string):
            try:
                names = {part.id for part in ast.walk(ast.parse(found[1], mode="eval")) if isinstance(part, ast.Name)}
            except SyntaxError:
                continue
            if names and names <= known:
                yield found[0]


FILLED_IN_ELSEWHERE = {"models/training/fit/fit.py": ["{epoch:02d}"], "models/score.py": ["{bar:24}"]}  # Keras, tqdm


def test_no_f_is_missing_before_a_string() -> None:
    """Ruff's rule for this (RUF027) passes over a part of a string beside others that have their f."""
    found = not_empty({str(source): list(placeholders(source)) for source in SOURCES})
    assert {source: places for source, places in found.items() if source not in FILLED_IN_ELSEWHERE} == {}
    assert {source: found.get(source) for source in FILLED_IN_ELSEWHERE} == FILLED_IN_ELSEWHERE


def test_collecting_the_tests_imports_no_tensorflow() -> None:
    """Page tests run in the process that collected all the others; they must not meet Keras there."""
    assert not_empty({str(test): reached(test).keys() & {"tensorflow", "keras"} for test in TESTS}) == {}


def test_every_page_is_painted_without_tensorflow() -> None:
    pages = sorted(path.name for path in (ROOT / "pages").glob("*.py"))
    script = f"""
import sys
from streamlit.testing.v1 import AppTest

app = AppTest.from_file("app.py", default_timeout=60).run()
for page in {pages!r}:
    app.switch_page("pages/" + page).run()
    assert not app.exception, (page, app.exception)
    assert app.title, page
    heavy = {{"tensorflow", "keras"}} & set(sys.modules)
    assert not heavy, (page, heavy)
print("painted", len({pages!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"painted {len(pages)}" in done.stdout


def test_looks_stand_in_style_sheets() -> None:
    """HTML in Python carries classes; a style of its own holds what depends on data alone. Pictures are whole."""
    pictures = {"components/training/diagram.py", "components/letters/diagrams.py", "components/session/links.py"}
    found = [
        f"{path.relative_to(ROOT)}: {constant}"
        for path in sorted((ROOT / "components").rglob("*.py"))
        if str(path.relative_to(ROOT)) not in pictures
        for style in re.findall(r'style="([^"]*)"', path.read_text(encoding="utf-8"))
        for constant in style.split(";")
        if constant.strip() and "{" not in constant and "…" not in constant
    ]
    assert found == []
