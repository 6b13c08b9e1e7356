"""The build of several services: each as the buildspec of its framework does, one after the other in one build."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.application.template import Template
from generator.compiler import build_coverage, deploy_roles
from generator.compiler.service_stages import build_variables
from generator.document import BUILDSPEC, parse
from generator.frameworks import Framework
from generator.model import images
from generator.model.build import Build
from generator.model.iam import DeployRights, Statement
from generator.model.pipeline import App
from generator.model.policy import merge
from generator.model.stage import Stage
from generator.model.text import Text, literal
from generator.permissions.coverage import NAMES_VARIABLE, TESTS_VARIABLE, TYPES_VARIABLE
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File, Part
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
name=$1 status=$2
shift 2
mkdir -p "{_FOLDER}/reports/$name" "{_FOLDER}/built/$name"
if [ -d reports ]; then find reports -name '*.xml' -exec mv {{}} "{_FOLDER}/reports/$name" \\;; rm -rf reports; fi
if [ "$status" = 0 ]; then mv "$@" "{_FOLDER}/built/$name/" || exit; fi
exit "$status"
"""


class Units(NamedTuple):
    """What is to be built: for these stages, these services, and the test stack where `is_tested`.

    `described` is what is known of templates that the build makes, by the names of their deployments.
    """

    stages: tuple[Stage, ...]
    apps: tuple[App, ...]
    described: Mapping[str, Template]
    is_tested: bool


class _Unit(NamedTuple):
    """What is built on its own: its name, the framework's word, its variables (texts), the files that it leaves, the
    folders that it is built from, and whether what was built of the same is taken again.
    """

    name: str
    framework: str
    environment: Mapping[str, Text]
    leaves: tuple[str, ...]
    folders: tuple[str, ...]
    reuses: bool

    @property
    def artifact(self) -> tuple[str, ...]:
        """Where they lie in the build's artifact."""
        return tuple(f"{self.name}/{file}" for file in self.leaves)

    @property
    def late(self) -> dict[str, Text]:
        """Its variables that are known only when the pipeline is launched, as the project calls them."""
        suffix = self.name.replace("-", "_")
        return {f"{name}_{suffix}": text for name, text in self.environment.items() if _is_late(text)}


def of(build: Build, file: File, rights: Sequence[DeployRights], units: Units) -> Build:
    """The build of all services, and of the test stack where there is one."""
    templates = (*(part.app.template for part in file.parts), file.tests.template, *units.described.values())
    every = build_coverage.variables(rights, templates)
    shared = {name: text for name, text in every.items() if name != NAMES_VARIABLE}
    parts = [part for part in file.parts if isinstance(part, Part)]
    reuse = reuses(build)
    each = [_unit(part, app, rights, units, reuse) for part, app in zip(parts, units.apps, strict=True)]
    each += [_tests(file, rights, every, reuse)] if units.is_tested else []
    build = build._replace(environment={**build.environment, **shared}, statements=_statements(build, parts, file))
    text = _buildspec(file, build, each)
    late = {name: value for unit in each for name, value in unit.late.items()}
    forced = {_FORCE: f"#{{{OWN}.{FORCE}}}"} if reuse else {}
    return build._replace(
        buildspec=text,
        environment={**build.environment, **late},
        filled_in={**build.filled_in, **forced},
        reuses=reuse,
    )


def _buildspec(file: File, build: Build, units: Sequence[_Unit]) -> str:
    tests_word, tests_framework = _of_tests()
    frameworks = {part.framework_word: part.framework for part in file.parts}
    frameworks |= {tests_word: tests_framework} if any(unit.name == _TESTS for unit in units) else {}
    versions = runtime.chosen(file)
    first = runtime.languages(file).first
    texts = {
        word: framework.buildspec(_language(framework, first), versions, build.machine)
        for word, framework in sorted(frameworks.items())
    }
    packaged_tests, built = tests_framework.PACKAGED_TESTS, f"{_FOLDER}/built"
    parsed = {word: parse(text, "buildspec", BUILDSPEC).data for word, text in texts.items()}
    chosen = ", ".join(f'{name}: "{version}"' for name, version in versions.items())
    install = f"  install:\n    runtime-versions: {{{chosen}}}\n" if build.machine.chooses_runtimes else ""
    commands = [
        f'export BUILD_SCRIPTS="$(mktemp -d)"\nrm -rf {_FOLDER}',
        _script("keep.sh", _KEEP),
        *(_script(f"{word}.sh", _commands(data)) for word, data in parsed.items()),
        *_notes(build, units),
        *map(_built, units),
        *(f"mv {built}/{unit.artifact[0]} {built}/{packaged_tests}" for unit in units if unit.name == _TESTS),
    ]
    files = [file for unit in units for file in ([packaged_tests] if unit.name == _TESTS else unit.artifact)]
    return "".join(
        (
            _HEAD,
            install,
            "  build:\n    commands:\n",
            *map(_block, commands),
            f"artifacts:\n  base-directory: {_FOLDER}/built\n  files: [{', '.join(map(json.dumps, files))}]\n",
            *_reports([unit.name for unit in units if unit.name != _TESTS]),
            *_cache(parsed.values()),
        )
    )


def _language(framework: Framework, first: str) -> str:
    return first if first in framework.LANGUAGES else framework.LANGUAGE


def _unit(part: Part, app: App, rights: Sequence[DeployRights], units: Units, reuse: bool) -> _Unit:
    framework, command = part.framework, of_service(part).command
    names = [each.deployment_of(part.word).name for each in units.stages]
    described = [units.described[name] for name in names if name in units.described]
    environment = {
        **{name: literal(text) for name, text in framework.environment(part.repository, part.app.path).items()},
        **build_variables(part, app, units.stages),
        **_template_commands(part),
        **_reached(rights, (part.app.template, *described), deploy_roles.written_extra(part.data)),
        **({"UNIT_TEST_COMMAND": literal(command)} if command else {}),
    }
    leaves = tuple(name.replace("{stage}", "*") for name in (framework.PACKAGED_APP, framework.PACKAGED_CONFIGURATION))
    again = reuse and framework.builds_of_files_alone(part.repository, part.app.path)
    return _Unit(part.word, part.framework_word, environment, tuple(filter(None, leaves)), inputs(part), again)


def _template_commands(part: Part) -> dict[str, Text]:
    """What leaves the service's template, in its folder."""
    commands = part.written.get("commands")
    return {"TEMPLATE_COMMANDS": literal("\n".join((f"cd {shlex.quote(part.folder)}", *commands)))} if commands else {}


def _tests(file: File, rights: Sequence[DeployRights], covered: Mapping[str, Text], reuse: bool) -> _Unit:
    """The test stack: built as a service is, under a name that no service has, and compared with its own role."""
    word, framework = _of_tests()
    types = {TYPES_VARIABLE: covered[TESTS_VARIABLE]} if TESTS_VARIABLE in covered else {}
    environment = {"APP_TEMPLATE": literal(file.tests.path), **types, **_reached(rights, (file.tests.template,))}
    return _Unit(_TESTS, word, environment, (framework.PACKAGED_APP,), of_tests(file), reuse)


def _of_tests() -> tuple[str, Framework]:
    """What the test stack is built with: a framework that takes its template as it is."""
    return next((word, kind) for word, kind in kinds.frameworks().items() if kind.IS_DEFAULT)


def _reached(
    rights: Sequence[DeployRights], templates: Sequence[Template | None], extra: Sequence[Statement] = ()
) -> dict[str, Text]:
    """The names that the role of a stack reaches."""
    variables = build_coverage.variables(rights, templates, extra)
    return {name: text for name, text in variables.items() if name == NAMES_VARIABLE}


def _statements(build: Build, parts: Sequence[Part], file: File) -> tuple[Statement, ...]:
    """What the builds of all need beyond what every build may."""
    words = file.stage_words()
    own = (each for part in parts for each in part.framework.statements(part.repository, part.app.path, words))
    return merge((*own, *(images.push() if build.images else ())))


def _is_late(text: Text) -> bool:
    return "${" in text.replace("${!", "")


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
        yield _script(f"{unit.name}.env", "".join(_variables(unit)))
    if reuses(build):
        yield f"cat > \"$BUILD_SCRIPTS/reuse.py\" <<'{_END}'\n{assets.text('buildspecs', 'services/reuse.py')}{_END}"
        names = " ".join(sorted({*build.environment, *build.filled_in}))
        notes = (
            f'python3 "$BUILD_SCRIPTS/reuse.py" note {unit.name} {unit.framework} {shlex.join(unit.folders)}'
            for unit in units
            if unit.reuses
        )
        yield "\n".join((f"export BUILD_INPUTS={shlex.quote(names)}", *notes))


def _variables(unit: _Unit) -> Iterator[str]:
    for name, text in sorted(unit.environment.items()):
        value = f'"${name}_{unit.name.replace("-", "_")}"' if _is_late(text) else shlex.quote(text.replace("${!", "${"))
        yield f"export {name}={value}\n"


def _built(unit: _Unit) -> str:
    reuse = 'python3 "$BUILD_SCRIPTS/reuse.py"'
    lines = [
        "(",
        f"echo {shlex.quote(f'--- {unit.name}')}",
        f'. "$BUILD_SCRIPTS/{unit.name}.env"',
        *([f"if {reuse} fetch {unit.name}; then exit; fi"] if unit.reuses else []),
        f'bash "$BUILD_SCRIPTS/{unit.framework}.sh"',
        f'bash "$BUILD_SCRIPTS/keep.sh" {unit.name} "$?" {" ".join(unit.leaves)}' + " || exit" * unit.reuses,
        *([f"{reuse} store {unit.name}"] if unit.reuses else []),
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
