"""The first integration tests of an application that has none: a template and a function, to be extended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from generator.errors import Problem, RefusedError
from generator.frameworks import Framework
from generator.init.templates import Templates
from generator.repository.files import Repository

_FOLDER = "integration_tests"
# For an application in a language the checks are not written in.
_DEFAULT = ("python", "3.13")
_FILES: Mapping[str, str] = {"nodejs": "checks.mjs", "python": "checks.py"}


def files(templates: Templates, repository: Repository, framework: Framework, today: dt.date) -> Mapping[str, str]:
    """Text by path of tests that look at what the application outputs, in its own language.

    Raises RefusedError where a file of that name is there, and where no test could find the application.
    """
    if not templates.outputs:
        message = "no starter tests: the application's template has no outputs by which a test could find it"
        raise RefusedError(str(Problem(message, hint="add an output, such as the API's URL")))
    language, version = _language(templates.languages)
    checks = f"{_FOLDER}/{_FILES[language]}"
    template = framework.TESTS_NAMES[0]
    for path in (template, checks):
        if repository.has(path):
            raise RefusedError(f"{path} already exists: it was not changed")
    has_url = templates.url != "none"
    body = {"python": _python, "nodejs": _nodejs}[language]
    text = framework.starter_template(_FOLDER, language, version, today)
    return {template: text, checks: "\n".join(body(has_url=has_url)) + "\n"}


def _language(languages: tuple[str, ...]) -> tuple[str, str]:
    """The newest version of the application's first language that the checks are written in."""
    spoken = [(word, version) for word, _, version in (text.partition(" ") for text in languages) if word in _FILES]
    return next(((word, version) for word, version in reversed(spoken) if version), _DEFAULT)


def _python(*, has_url: bool) -> Iterator[str]:
    yield '"""Checks a deployed stage: the pipeline calls `handler` after every deployment."""'
    yield ""
    if has_url:
        yield "import urllib.error"
        yield "import urllib.request"
        yield ""
    yield ""
    yield from (_PYTHON_HTTP if has_url else _PYTHON_OUTPUTS).strip("\n").splitlines()
    yield ""
    yield ""
    yield f"CHECKS = [{'it_answers' if has_url else 'it_has_outputs'}]"
    yield from _PYTHON_HANDLER.splitlines()


def _nodejs(*, has_url: bool) -> Iterator[str]:
    yield "// Checks a deployed stage: the pipeline calls `handler` after every deployment."
    yield from (_NODE_HTTP if has_url else _NODE_OUTPUTS).splitlines()
    yield ""
    yield f"const CHECKS = [{'itAnswers' if has_url else 'itHasOutputs'}];"
    yield from _NODE_HANDLER.splitlines()


_PYTHON_HTTP = '''
def it_answers(event):
    """Any answer but a server's error: make it say what the application promises."""
    try:
        with urllib.request.urlopen(event["api_url"], timeout=10) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    assert status < 500, f"status {status}"
'''

_PYTHON_OUTPUTS = '''
def it_has_outputs(event):
    """The stack is there and has put out values: call what they name, and look at what it does."""
    empty = [name for name, value in event["outputs"].items() if not value]
    assert event["outputs"] and not empty, f"without a value: {empty}"
'''

_PYTHON_HANDLER = '''

def handler(event, _context):
    """Runs every check; the pipeline goes on only if none failed, and shows the summary to the approver."""
    failures = [reason for check in CHECKS if (reason := failure(check, event))]
    passed = len(CHECKS) - len(failures)
    summary = "; ".join([f"{passed} of {len(CHECKS)} checks passed", *failures])
    return {"passed": passed, "failed": len(failures), "summary": summary}


def failure(check, event):
    """Why a check failed; nothing when it passed."""
    try:
        check(event)
    except Exception as error:
        return f"{check.__name__}: {error!r}"
    return ""
'''

_NODE_HTTP = """\
import assert from "node:assert/strict";

/** Any answer but a server's error: make it say what the application promises. */
async function itAnswers(event) {
  const { status } = await fetch(event.api_url, { signal: AbortSignal.timeout(10_000) });
  assert.ok(status < 500, `status ${status}`);
}
"""

_NODE_OUTPUTS = """\
import assert from "node:assert/strict";

/** The stack is there and has put out values: call what they name, and look at what it does. */
async function itHasOutputs(event) {
  const values = Object.values(event.outputs);
  assert.ok(values.length && values.every(Boolean), `outputs: ${JSON.stringify(event.outputs)}`);
}
"""

_NODE_HANDLER = """
/** Runs every check; the pipeline goes on only if none failed, and shows the summary to the approver. */
export async function handler(event) {
  const failures = [];
  for (const check of CHECKS) {
    try {
      await check(event);
    } catch (error) {
      failures.push(`${check.name}: ${error?.cause?.message ?? error.message}`);
    }
  }
  const passed = CHECKS.length - failures.length;
  const summary = [`${passed} of ${CHECKS.length} checks passed`, ...failures].join("; ");
  return { passed, failed: failures.length, summary };
}
"""
