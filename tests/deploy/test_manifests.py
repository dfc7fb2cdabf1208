"""The files under ``deploy/``: valid by the published schemas, and saying the same as the app and as each other."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from models import settings
from models.classroom.classes import PROCESS_COOKIE
from serving.health import routes
from serving.state import State

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
HARDENED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def kubernetes() -> dict[str, Any]:
    return {part["kind"]: part for part in YAML(typ="safe").load_all((DEPLOY / "kubernetes.yaml").read_text())}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text())
    return loaded


@pytest.mark.parametrize(
    "command",
    [
        ["kubernetes_validate", "--strict", "deploy/kubernetes.yaml"],
        ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml"],
        ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml"],
    ],
)
def test_it_is_valid_by_the_published_schema(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_invalid_manifest_is_found(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text((DEPLOY / "kubernetes.yaml").read_text().replace("minReplicas: 2", "minReplicas: two"))
    validator = [sys.executable, "-m", "kubernetes_validate", "--strict", str(broken)]
    assert subprocess.run(validator, capture_output=True, check=False).returncode


def test_kubernetes_asks_for_what_the_app_answers() -> None:
    parts = kubernetes()
    assert {"Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget"} <= parts.keys()
    pod = parts["Deployment"]["spec"]["template"]["spec"]
    app = pod["containers"][0]
    answered = {route.path for route in routes(State())}
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        assert app[probe]["httpGet"]["path"] in answered
    assert app["readinessProbe"]["httpGet"]["path"] == "/readyz"
    known = {setting.variable for setting in settings.SETTINGS.values()}
    named = {entry["name"] for entry in app["env"] if entry["name"].startswith("UNROLLED_")}
    assert named <= known
    assert app["securityContext"] == HARDENED
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert [mount["mountPath"] for mount in app["volumeMounts"]] == ["/tmp"]
    assert parts["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    # The link of a class leads its phones to the teacher's process by the very cookie that the proxy set.
    asked = {name.rpartition("/")[2]: value for name, value in parts["Ingress"]["metadata"]["annotations"].items()}
    assert (asked["session-cookie-name"], asked["session-cookie-path"]) == (PROCESS_COOKIE, "/")
    assert asked["affinity-mode"] == "persistent", "another pod's load must not take a class away"
    assert f"$cookie_{PROCESS_COOKIE};" in (DEPLOY / "nginx.conf").read_text()
    # The server has more time than it takes to end what is in hand.
    assert pod["terminationGracePeriodSeconds"] > settings.value("drain_seconds") + 5
    assert "metrics" not in str(parts["Service"]["spec"])


def test_compose_and_nginx_name_the_same_processes() -> None:
    services = compose()["services"]
    apps = {name: service for name, service in services.items() if name.startswith("app")}
    servers = re.findall(r"server (\w+):(\d+) ", (DEPLOY / "nginx.conf").read_text())
    assert {name for name, _ in servers} == apps.keys()
    assert {port for _, port in servers} == set(re.findall(r"EXPOSE (\d+)", (DEPLOY / "Dockerfile").read_text()))
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
    for name, service in apps.items():
        assert [place.split(":")[0] for place in service["tmpfs"]] == ["/tmp"], name
        assert "ports" not in service, "only nginx is reached from outside"
        assert int(service["stop_grace_period"].rstrip("s")) > settings.value("drain_seconds")


def test_no_query_string_gets_into_nginx_s_log() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    logged = re.findall(r"log_format [^;]+;", text)
    assert len(logged) == 1
    for variable in ("$request ", "$request_uri", "$args", "$query_string", "$is_args", "$http_referer", "$arg_"):
        assert variable not in logged[0]
    assert re.search(r"^error_log \S+ alert;", text, re.MULTILINE)
    assert "$http_referer" not in text


def test_the_image_runs_as_an_ordinary_user_from_the_lock() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert "--require-hashes -r requirements-serve.lock" in text
    assert re.search(r"^ARG BASE=python:\S+@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["1000:1000"]
    assert text.index("USER ") > text.rindex("RUN ")
    assert "serve.py" in re.findall(r"^CMD .*$", text, re.MULTILINE)[0]
    allowed = {line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert {"app.py", "serve.py", "serving", "pages", "components", "models", "requirements-serve.lock"} <= allowed


def test_the_workflow_s_actions_are_pinned_by_digest_and_locks_are_audited_every_week() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []
    workflow = YAML(typ="safe").load(text)
    assert workflow["on"]["schedule"]
    audited = str(workflow["jobs"]["audit"]["steps"])
    assert all(lock.name in audited for lock in ROOT.glob("*.lock"))


def test_a_space_asks_the_port_that_the_image_opens() -> None:
    front = (DEPLOY / "huggingface" / "README.md").read_text().split("---\n")[1]
    found = YAML(typ="safe").load(front)
    assert found["sdk"] == "docker"
    assert str(found["app_port"]) in re.findall(r"EXPOSE (\d+)", (DEPLOY / "Dockerfile").read_text())
