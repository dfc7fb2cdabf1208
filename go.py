"""Set Unrolled up and run it, with nothing but Python 3.11 to 3.13.

python3 go.py start [STREAMLIT OPTIONS]   open the app
python3 go.py test [PYTEST OPTIONS]       run the tests, but for the slow ones; all of a file or folder that is named
python3 go.py test --all [OPTIONS]        run the slow ones too: real training, every page in every size and theme
python3 go.py test --slow [OPTIONS]       run the slow ones alone
python3 go.py check                       run the linter, the formatter and the type checker
python3 go.py install                     only make the virtual environment, with everything that developers need

The first call makes a virtual environment in .venv; later ones renew it only when the requirements have changed.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    for _name in ("python3.13", "python3.12", "python3.11"):
        _other = shutil.which(_name)
        if _other:
            os.execv(_other, [_other, *sys.argv])  # noqa: S606
    sys.stderr.write("go.py: Python 3.11, 3.12 or 3.13 is needed; this is {}.{}.\n".format(*sys.version_info))
    sys.exit(2)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "unrolled.json"
RUN, DEVELOP = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
FIRST_PORT = 8501
# In the order that tests/conftest.py wants, files that share expensive fixtures whole.
SIDE_BY_SIDE = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    """Do what the first argument says; returns the exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if command in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if command == "start":
        return start(rest)
    if command == "test":
        environment(DEVELOP)
        return run(["pytest", *SIDE_BY_SIDE, *lane(rest)], signal.SIGINT)
    if command not in ("check", "install"):
        refuse(f"there is no command {command!r}; use start, test, check or install.")
    environment(DEVELOP)
    if command == "install":
        return 0
    return max(run(check, signal.SIGINT) for check in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]))


def lane(options: list[str]) -> list[str]:
    """What pytest is told for ``test``: without ``--all`` or the name of a test the slow ones are left out."""
    if "--all" in options:
        return [option for option in options if option != "--all"]
    if "--slow" in options:
        return ["-m", "slow", *(option for option in options if option != "--slow")]
    named = any(not option.startswith("-") and (ROOT / option.partition("::")[0]).exists() for option in options)
    return options if named else ["-m", "not slow", *options]


def start(options: list[str]) -> int:
    """Serve the app until it is interrupted, and say where, once it answers."""
    environment(RUN)
    host = option("server.address", options)
    reach = "127.0.0.1" if host in (None, "", "0.0.0.0", "::", "localhost") else host  # noqa: S104
    port = option("server.port", options)
    if port is None:
        port = str(next(n for n in range(FIRST_PORT, FIRST_PORT + 1000) if not answers(reach, n)))
    elif not port.isdecimal() or not 0 < int(port) < 65_536:
        refuse(f"{port!r} is no port number.")
    elif answers(reach, int(port)):
        refuse(f"something else is listening on port {port}.")
    # Visitors may train networks where nobody else can reach the app. The server says whether that is so, once it
    # listens: options, environment and files have a say in where that is.
    os.environ.setdefault("UNROLLED_TRAINING", "loopback")
    shown = "localhost" if reach == "127.0.0.1" else f"[{reach}]" if ":" in reach else reach
    address = f"http://{shown}:{port}"
    serve = ["streamlit", "run", "serve.py", "--server.port", port, "--logger.hideWelcomeMessage", "true", *options]
    return run(serve, signal.SIGTERM, lambda: answers(reach, int(port)), f"Unrolled is at {address} (Ctrl+C stops it)")


def option(name: str, options: list[str]) -> str | None:
    """The value of a Streamlit option, from the command line, where the last one counts, or the environment."""
    found = os.environ.get("STREAMLIT_" + name.upper().replace(".", "_")) or None
    waiting = iter(options)
    for given in waiting:
        if given == "--":
            break
        if given == f"--{name}":
            found = next(waiting, found)
        elif given.startswith(f"--{name}="):
            found = given.split("=", 1)[1]
    return found


def answers(host: str, port: int) -> bool:
    """Whether something listens on a port."""
    try:
        socket.create_connection((host, port), 1).close()
    except OSError:
        return False
    return True


def environment(lock: Path) -> None:
    """Make ``.venv`` hold what ``lock`` lists; does nothing where it already does."""
    release = "{}.{}".format(*sys.version_info)
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    found = installed()
    usable = found.get("python") == release and PYTHON.exists()
    if usable and found.get(lock.name) == digest:
        return
    if not usable:
        need_venv()
        print("Making a virtual environment in .venv", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            refuse("the virtual environment could not be made.")
    print(f"Installing what {lock.name} lists: a minute or two, once", flush=True)
    STAMP.unlink(missing_ok=True)
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", *quiet]
    if subprocess.run([*pip, "-r", str(lock)], env={**os.environ, "PIP_USER": "0"}).returncode:
        refuse("the installation failed; the lines above say why. The same command tries again.")
    stamp = {"python": release, lock.name: digest}
    if lock == DEVELOP:  # which holds everything that running takes
        stamp[RUN.name] = hashlib.sha256(RUN.read_bytes()).hexdigest()
    STAMP.write_text(json.dumps(stamp))


def installed() -> dict[str, Any]:
    """What the stamp in ``.venv`` says is there: nothing, where it is missing or damaged."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def need_venv() -> None:
    """Debian packs the parts of Python that make virtual environments apart: get them where that is possible."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    if not shutil.which("apt-get"):
        refuse("this Python cannot make virtual environments: its modules venv and ensurepip are missing.")
    root: list[str] = []
    if os.geteuid() != 0:
        root = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.run([*root, "true"], capture_output=True).returncode:
            refuse(f"Python's venv module is missing. Type: sudo apt-get install {package}")
    print(f"Installing {package}", flush=True)
    get = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*get, "update"])
    if subprocess.run([*get, "install", "-y", "--no-install-recommends", package]).returncode:
        refuse(f"Python's venv module is missing. Type: apt-get install {package}")


def run(command: list[str], stop: signal.Signals, ready: Any = None, message: str = "") -> int:
    """Run a module of ``.venv`` in the foreground; returns its exit status.

    Args:
        command: the module's name and its arguments.
        stop: the signal that ends it cleanly.
        ready: asked again and again until it is true; then ``message`` is printed.
        message: see ``ready``.
    """
    process = subprocess.Popen([str(PYTHON), "-m", *command], cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: process.send_signal(stop))
    try:
        while ready and process.poll() is None:
            if ready():
                print(message, flush=True)
                break
            time.sleep(0.1)
        process.wait()
    except KeyboardInterrupt:  # a terminal has told the process too; anything else has not
        for send in (None, stop, signal.SIGKILL):
            if send:
                process.send_signal(send)
            try:
                process.wait(10 if send else 2)
                break
            except subprocess.TimeoutExpired:
                continue
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def refuse(message: str) -> NoReturn:
    """Say in one line what is wrong, and stop with status 2."""
    print(f"go.py: {message}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
