"""The build of several services: each as the buildspec of its framework does, one after the other in one build."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.compiler import build_coverage
from generator.document import BUILDSPEC, parse
from generator.model.build import Build
from generator.model.iam import DeployRights
from generator.permissions.coverage import NAMES_VARIABLE
from generator.pipeline_file.file import Attempt, File, Part
from generator.pipeline_file.keys.build import runtime
from generator.pipeline_file.references import OWN
from generator.pipeline_file.service_inputs import inputs, of_tests
from generator.pipeline_file.services import FORCE
from generator.pipeline_file.unit_tests import of_service
from generator.repository import assets

# CodeBuild takes no more report groups of one build.
# https://docs.aws.amazon.com/codebuild/latest/userguide/report-group-naming.html
_MOST_REPORTS = 5
_ALL_REPORTS = "unit-tests"
_END = "END_OF_SCRIPT"
_TESTS = "Tests"
# Folders of this name are packed into nothing.
_FOLDER = ".aws-sam"
_HEAD = """\
# Builds each service as its framework is built, one after the other. A framework's commands are a script here, which is
# given a service's template and unit tests; what it leaves and reports lies in a folder of the service's name.
version: 0.2
phases:
"""
_FORCE = "FORCE_BUILD"
_KEEP = f"""\
mkdir -p "{_FOLDER}/reports/$1" "$(dirname "{_FOLDER}/built/$3")"
if [ -d reports ]; then find reports -name '*.xml' -exec mv {{}} "{_FOLDER}/reports/$1" \\;; rm -rf reports; fi
if [ "$4" = 0 ]; then mv "$2" "{_FOLDER}/built/$3" || exit; fi
exit "$4"
"""


class _Unit(NamedTuple):
    """What is built on its own: its name, the framework's word, its variables, the file that it leaves, where that
    lies in the build's artifact, and the folders that it is built from.
    """

    name: str
    framework: str
    environment: Mapping[str, str]
    leaves: str
    artifact: str
    folders: tuple[str, ...]


def of(build: Build, file: File, rights: Sequence[DeployRights], *, is_tested: bool) -> Build:
    """The build of all services, and of the test stack where there is one."""
    every = build_coverage.variables(rights, (*(part.app.template for part in file.parts), file.tests.template))
    shared = {name: text for name, text in every.items() if name != NAMES_VARIABLE}
    units = [_unit(part, rights) for part in file.parts if isinstance(part, Part)]
    units += [_tests(file, rights)] if is_tested else []
    build = build._replace(environment={**build.environment, **shared})
    text = _buildspec(file, build, units)
    forced = {_FORCE: f"#{{{OWN}.{FORCE}}}"} if reuses(build) else {}
    return build._replace(buildspec=text, filled_in={**build.filled_in, **forced}, reuses=reuses(build))


def _buildspec(file: File, build: Build, units: Sequence[_Unit]) -> str:
    frameworks = {part.framework_word: part for part in file.parts} | {file.framework_word: file}
    versions = runtime.chosen(file)
    first = runtime.languages(file).first
    texts = {
        word: part.framework.buildspec(_language(part, first), versions, build.machine)
        for word, part in sorted(frameworks.items())
    }
    parsed = {word: parse(text, "buildspec", BUILDSPEC).data for word, text in texts.items()}
    chosen = ", ".join(f'{name}: "{version}"' for name, version in versions.items())
    install = f"  install:\n    runtime-versions: {{{chosen}}}\n" if build.machine.chooses_runtimes else ""
    commands = [
        f'export BUILD_SCRIPTS="$(mktemp -d)"\nrm -rf {_FOLDER}',
        _script("keep.sh", _KEEP),
        *(_script(f"{word}.sh", _commands(data)) for word, data in parsed.items()),
        *_notes(build, units),
        *(_built(unit, reuses=reuses(build)) for unit in units),
    ]
    return "".join(
        (
            _HEAD,
            install,
            "  build:\n    commands:\n",
            *map(_block, commands),
            f"artifacts:\n  base-directory: {_FOLDER}/built\n  files: [{', '.join(unit.artifact for unit in units)}]\n",
            *_reports([unit.name for unit in units if unit.name != _TESTS]),
            *_cache(parsed.values()),
        )
    )


def _language(part: File, first: str) -> str:
    languages = part.framework.LANGUAGES
    return first if first in languages else part.framework.LANGUAGE


def _unit(part: Part, rights: Sequence[DeployRights]) -> _Unit:
    command = of_service(part).command
    environment = _environment(part.app, rights) | ({"UNIT_TEST_COMMAND": command} if command else {})
    leaves = part.framework.PACKAGED_APP
    return _Unit(part.word, part.framework_word, environment, leaves, f"{part.word}/{leaves}", inputs(part))


def _tests(file: File, rights: Sequence[DeployRights]) -> _Unit:
    """The test stack: built as a service is, under a name that no service has."""
    framework, environment = file.framework, _environment(file.tests, rights)
    folders = of_tests(file)
    return _Unit(_TESTS, file.framework_word, environment, framework.PACKAGED_APP, framework.PACKAGED_TESTS, folders)


def _environment(attempt: Attempt, rights: Sequence[DeployRights]) -> dict[str, str]:
    """What the build is told of a template: its path, and the names that the role of its stack reaches."""
    variables = build_coverage.variables(rights, (attempt.template,))
    named = {name: text.replace("${!", "${") for name, text in variables.items() if name == NAMES_VARIABLE}
    return {"APP_TEMPLATE": attempt.path, **named}


def _commands(data: Mapping[str, Any]) -> str:
    """All commands of a buildspec as one script: it ends with the first that fails, as a build does."""
    commands = [
        command
        for phase in ("install", "pre_build", "build")
        for command in data["phases"].get(phase, {}).get("commands", ())
    ]
    return "".join(f"{{\n{command.rstrip()}\n}} || exit\n" for command in commands)


def _script(name: str, text: str) -> str:
    return f"cat > \"$BUILD_SCRIPTS/{name}\" <<'{_END}'\n{text}{_END}"


def reuses(build: Build) -> bool:
    """Whether a service of which nothing has changed is not built again: nobody knows what a secret is this time."""
    return not build.secrets


def _notes(build: Build, units: Sequence[_Unit]) -> Iterator[str]:
    """The commands that put down what each is built with, and from."""
    for unit in units:
        variables = "".join(f"export {name}={shlex.quote(text)}\n" for name, text in sorted(unit.environment.items()))
        yield _script(f"{unit.name}.env", variables)
    if reuses(build):
        yield f"cat > \"$BUILD_SCRIPTS/reuse.py\" <<'{_END}'\n{assets.text('buildspecs', 'services/reuse.py')}{_END}"
        names = " ".join(sorted({*build.environment, *build.filled_in} - {_FORCE}))
        notes = (
            f'python3 "$BUILD_SCRIPTS/reuse.py" note {unit.name} {unit.framework} {shlex.join(unit.folders)}'
            for unit in units
        )
        yield "\n".join((f"export BUILD_INPUTS={shlex.quote(names)}", *notes))


def _built(unit: _Unit, *, reuses: bool) -> str:
    reuse = 'python3 "$BUILD_SCRIPTS/reuse.py"'
    lines = [
        "(",
        f"echo {shlex.quote(f'--- {unit.name}')}",
        f'. "$BUILD_SCRIPTS/{unit.name}.env"',
        *([f"if {reuse} fetch {unit.name} {unit.artifact}; then exit; fi"] if reuses else []),
        f'bash "$BUILD_SCRIPTS/{unit.framework}.sh"',
        f'bash "$BUILD_SCRIPTS/keep.sh" {unit.name} {unit.leaves} {unit.artifact} "$?"' + " || exit" * reuses,
        *([f"{reuse} store {unit.name} {unit.artifact}"] if reuses else []),
        ")",
    ]
    return "\n".join(lines)


def _block(command: str) -> str:
    lines = (f"      {line}\n" if line else "\n" for line in command.splitlines())
    return "    - |\n" + "".join(lines)


def _reports(names: Sequence[str]) -> Iterable[str]:
    yield "reports:\n"
    groups = {name: f"{_FOLDER}/reports/{name}" for name in names}
    if len(groups) > _MOST_REPORTS:
        groups = {_ALL_REPORTS: f"{_FOLDER}/reports"}
    for name, folder in groups.items():
        yield f'  {name}: {{files: ["**/*.xml"], base-directory: {folder}, file-format: JUNITXML}}\n'


def _cache(parsed: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    paths = sorted({path for data in parsed for path in data.get("cache", {}).get("paths", ())})
    if paths:
        yield f"cache:\n  paths: [{', '.join(paths)}]\n"
