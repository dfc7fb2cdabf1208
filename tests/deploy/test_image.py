"""What the container holds, without a container: the locked packages in a clean environment, the files that
``.dockerignore`` lets in, an ordinary user, and a file system that nothing can be written to but ``/tmp``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Served, Visitor

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("", "inside", "compare", "training", "evaluation", "batch", "lessons", "about")
# Megabytes. `python:3.13-slim` is about 125 unpacked; the whole image is to stay under 700.
BASE, WHOLE = 125, 700
# In a view of the file system of its own: nothing can be written but /tmp, which is empty.
READ_ONLY = """
set -e
mount --make-rprivate /
mount --bind "$1" /srv && mount --bind "$2" /mnt
for place in / /srv /mnt /dev/shm /run /var/tmp; do
  mountpoint -q "$place" || mount --bind "$place" "$place"
  mount -o remount,ro,bind "$place"
done
mount -t tmpfs tmpfs /tmp
cd /srv
shift 2
exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs /mnt/bin/python "$@"
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the repository that go into the image."""
    folder = tmp_path_factory.mktemp("context")
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *allowed], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with what ``requirements-serve.lock`` lists, made the way the Dockerfile makes it."""
    venv = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    recipe = (ROOT / "deploy" / "Dockerfile").read_text()
    install = re.search(r"pip --python.*?requirements-serve.lock", recipe, re.DOTALL)
    assert install
    options = install.group().replace("\\\n", " ").split()[3:]
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python")]
    subprocess.run([*pip, *options, "--quiet"], cwd=ROOT, check=True)
    packages = next(venv.glob("lib/python3.*/site-packages"))
    afterwards = recipe.split("site-packages \\\n")[1].split("\n\n")[0].replace("python -m", f"{venv}/bin/python -m")
    subprocess.run(f"true {afterwards}", shell=True, cwd=packages, check=True)
    return venv


@pytest.fixture(scope="module")
def contained(clean: Path, context: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The image's server: its packages, its files, its user, its file system."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a view of the file system of its own takes root")
    subprocess.run(["chmod", "-R", "a+rX", str(context), str(clean)], check=True)
    python = ["unshare", "-m", "bash", "-c", READ_ONLY, "bash", str(context), str(clean)]
    server = Served(tmp_path_factory.mktemp("log"), "--server.address=127.0.0.1", python=python, HOME="/tmp")
    yield server.ready()
    server.process.kill()
    server.process.wait()


def test_every_page_is_served_without_tensorflow_by_a_user_who_can_write_nowhere(contained: Served) -> None:
    visitor = Visitor(contained.url)
    for page in PAGES:
        received = visitor.read(page, "example=negation")
        assert len(received) > 1_000, page
        assert b"Traceback" not in received, page
    visitor.leave()
    assert "Traceback" not in contained.logged()
    here = Path(f"/proc/{contained.process.pid}")
    assert re.search(r"^Uid:\s+1000\s+1000\s+1000\s+1000$", (here / "status").read_text(), re.MULTILINE)
    assert "tensorflow" not in (here / "maps").read_text()
    look = ["nsenter", "-t", str(contained.process.pid), "-m"]
    assert subprocess.run([*look, "touch", "/srv/x", "/mnt/x", "/var/tmp/x"], capture_output=True).returncode
    found = subprocess.run([*look, "find", "/tmp", "-type", "f"], capture_output=True, text=True, check=True)
    assert found.stdout == ""


def test_it_holds_no_tensorflow_and_is_small(clean: Path, context: Path) -> None:
    names = {path.name for path in next(clean.glob("lib/python3.*/site-packages")).iterdir()}
    assert "streamlit" in names
    assert not names & {"tensorflow", "keras", "sklearn", "gensim"}
    files = [path for folder in (clean, context) for path in folder.rglob("*") if path.is_file()]
    megabytes = sum(path.lstat().st_size for path in files) / 1e6
    assert BASE + megabytes < WHOLE
