"""The tests `penstock init` writes to begin with: they run as Lambda runs them, and count what they checked."""

from __future__ import annotations

import datetime as dt
import http.server
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from generator.errors import RefusedError
from generator.frameworks.sam import FRAMEWORK as SAM
from generator.init import application_template, starter, templates
from generator.repository.files import Repository
from tests.blueprints.languages import Handler, handler_of
from tests.cli.repositories import APP

TODAY = dt.date(2026, 11, 21)
LANGUAGES = {"python": ("python3.13", "checks.py"), "node": ("nodejs22.x", "checks.mjs")}


class _Answers(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path says."""

    def do_GET(self) -> None:
        self.send_response(HTTPStatus(int(self.path.strip("/"))))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def application() -> Iterator[str]:
    """The address of an application on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def checks(root: Path, language: str, value: str) -> Handler:
    """The handler of the tests for an application in a language that puts out one value."""
    runtime, file = LANGUAGES[language]
    text = APP.replace("python3.13", runtime).replace("!GetAtt Hello.Arn", value)
    (root / "app-sam.yaml").write_text(text, encoding="utf-8")
    repository = Repository(root)
    found_templates = templates.find(repository, application_template.Choice("app-sam.yaml"), SAM)
    texts = starter.files(found_templates, repository, SAM, TODAY)
    assert f"Runtime: {runtime}\n" in texts["test-sam.yaml"]
    (root / file).write_text(texts[f"integration_tests/{file}"], encoding="utf-8")
    return handler_of(root / file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("status", "failed"), [(200, 0), (404, 0), (500, 1)])
def test_an_application_with_a_url_has_to_answer(
    language: str, status: int, failed: int, application: str, tmp_path: Path
) -> None:
    handler = checks(tmp_path, language, "https://x.example.com")
    answer = handler({"api_url": f"{application}/{status}"})
    assert (answer["passed"], answer["failed"]) == (1 - failed, failed)
    assert answer["summary"].startswith(f"{1 - failed} of 1 checks passed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_application_nobody_reaches_fails(language: str, tmp_path: Path) -> None:
    handler = checks(tmp_path, language, "https://x.example.com")
    assert handler({"api_url": "http://127.0.0.1:1/"})["failed"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("outputs", "failed"), [({"Name": "x"}, 0), ({"Name": ""}, 1), ({}, 1)])
def test_an_application_without_a_url_has_to_put_out_values(
    language: str, outputs: dict[str, str], failed: int, tmp_path: Path
) -> None:
    handler = checks(tmp_path, language, "!Ref Hello")
    assert handler({"api_url": "", "outputs": outputs})["failed"] == failed


def test_an_application_in_another_language_is_tested_in_python(tmp_path: Path) -> None:
    (tmp_path / "app-sam.yaml").write_text(APP.replace("python3.13", "java21"), encoding="utf-8")
    repository = Repository(tmp_path)
    found_templates = templates.find(repository, application_template.Choice("app-sam.yaml"), SAM)
    texts = starter.files(found_templates, repository, SAM, TODAY)
    assert "Runtime: python3.13\n" in texts["test-sam.yaml"]


def test_what_puts_nothing_out_cannot_be_tested(tmp_path: Path) -> None:
    found_templates = templates.find(Repository(tmp_path), application_template.Choice(), SAM)
    with pytest.raises(RefusedError, match="has no outputs by which a test could find it"):
        starter.files(found_templates, Repository(tmp_path), SAM, TODAY)


@pytest.mark.parametrize(("language", "old", "new"), [("python", "3.9", "python3.14"), ("node", "18", "nodejs24.x")])
def test_a_retired_runtime_of_the_application_is_not_copied(language: str, old: str, new: str, tmp_path: Path) -> None:
    runtime = {"python": f"python{old}", "node": f"nodejs{old}.x"}[language]
    (tmp_path / "app-sam.yaml").write_text(APP.replace("python3.13", runtime), encoding="utf-8")
    repository = Repository(tmp_path)
    found_templates = templates.find(repository, application_template.Choice("app-sam.yaml"), SAM)
    assert f"Runtime: {new}\n" in starter.files(found_templates, repository, SAM, TODAY)["test-sam.yaml"]
