"""The templates of a repository, and what the pipeline file must say about them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import NamedTuple

from generator.application.code_folders import code_folders
from generator.application.template import Template
from generator.errors import InvalidInputError, Problem
from generator.frameworks import Framework
from generator.init.application_template import Choice
from generator.init.proposed_stages import Proposed, proposed_stages
from generator.repository.files import Repository

# The outputs a pipeline looks for when its file names none.
URL = "ApiUrl"
FUNCTION = "TestFunction"
_OUTPUT = re.compile(r"[A-Za-z0-9]{1,255}")
# What the value of an output says when it is an address: of an API or a function, else any that is not for people.
_API = re.compile(r"execute-api|FunctionUrl|ApiEndpoint|lambda-url")
_ADDRESS = re.compile(r"https://")
_FOR_PEOPLE = re.compile(r"https://([^/'\"]*\.)?(console\.|docs\.|github\.com|s3[.-])")


class Templates(NamedTuple):
    """The templates of a repository; a path is empty where there is none.

    `app_is_usual` and `tests_are_usual`: the name needs no mention. `because` says in words why a template is
    the application's. `url` and `function` are empty where the default fits, `others` were seen and passed over,
    `languages` are those of the functions, with their versions; `outputs` are the application's; `code` are the folders
    in which either has code, with their languages; `proposed` are the stages that its parameters allow.
    """

    app: str
    app_is_usual: bool
    because: str
    url: str
    tests: str
    tests_are_usual: bool
    function: str
    others: tuple[str, ...]
    languages: tuple[str, ...]
    outputs: tuple[str, ...]
    code: Mapping[str, frozenset[str]]
    proposed: tuple[Proposed, ...]
    problems: tuple[Problem, ...]


def find(repository: Repository, choice: Choice, framework: Framework) -> Templates:
    """Look at a repository's templates; one that cannot be read is a problem of its own, never an exception."""
    usual = framework.usual_templates(repository)
    tests = usual.tests or _beside(repository, choice.app, framework)
    template, problems = _read(repository, choice.app, framework)
    tests_template, problems_of_tests = _read(repository, tests, framework)
    function, unnamed = _function(tests_template)
    seen = (usual.app or "", *usual.others, *framework.other_templates(repository))
    return Templates(
        app=choice.app,
        app_is_usual=choice.app == usual.app,
        because=choice.because,
        url=url_of(template),
        tests=tests,
        tests_are_usual=tests == usual.tests,
        function=function,
        others=tuple(path for path in seen if path not in {choice.app, tests, ""}),
        languages=languages_of(template),
        outputs=tuple(template.outputs) if template else (),
        code=_code(template, tests_template),
        proposed=proposed_stages(template),
        problems=(*problems, *problems_of_tests, *unnamed),
    )


def _code(*templates: Template | None) -> Mapping[str, frozenset[str]]:
    by_folder: dict[str, frozenset[str]] = {}
    for template in templates:
        for folder, languages in code_folders(template).items() if template else ():
            by_folder[folder] = by_folder.get(folder, frozenset()) | languages
    return by_folder


def _beside(repository: Repository, app: str, framework: Framework) -> str:
    """The tests' template in the folder of an application's that lies deeper than the root."""
    folder = posixpath.dirname(app)
    return (repository.first(*(f"{folder}/{name}" for name in framework.TESTS_NAMES)) or "") if folder else ""


def _read(repository: Repository, path: str, framework: Framework) -> tuple[Template | None, tuple[Problem, ...]]:
    """The template, and as warnings why it could not be read."""
    try:
        return (framework.read(repository, path) if path else None), ()
    except InvalidInputError as refused:
        return None, tuple(problem._replace(level="warning") for problem in refused.problems)


def languages_of(app: Template | None) -> tuple[str, ...]:
    """The languages of its functions, each with every version, as `python 3.13`."""
    languages = app.languages() if app else {}
    return tuple(f"{language} {version}".strip() for language, versions in languages.items() for version in versions)


def url_of(app: Template | None) -> str:
    """The output that is the address of an application; empty where the default fits, `none` where none is."""
    if app is None or URL in app.outputs or "Outputs" in app.open:
        return ""
    values = {name: repr(output.value) for name, output in app.outputs.items() if _OUTPUT.fullmatch(name)}
    answering = {name: value for name, value in values.items() if not _FOR_PEOPLE.search(value)}
    kinds = (name for kind in (_API, _ADDRESS) for name, value in answering.items() if kind.search(value))
    return next(kinds, "none")


def _function(tests: Template | None) -> tuple[str, tuple[Problem, ...]]:
    """The output that must be named, and a warning where nobody can say which."""
    if tests is None or FUNCTION in tests.outputs or "Outputs" in tests.open:
        return "", ()
    names = [name for name in tests.outputs if _OUTPUT.fullmatch(name)]
    if len(names) == 1:
        return names[0], ()
    seen = f"outputs: {', '.join(names)}" if names else "it has no outputs"
    message = f"no output {FUNCTION} says which function tests the application; {seen}"
    return "", (tests.problem(("Outputs",), message, "name it: tests: {function: <output>}", level="warning"),)
