"""The key `build.runtime`: the languages of the build and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from generator.application.template import Template, by_number
from generator.errors import Problem
from generator.model.build import AWS_IMAGE
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.keys.build.compute import is_on_lambda
from generator.pipeline_file.schema_parts import Schema, mapping


def _schema() -> Schema:
    runtimes: dict[str, Schema] = {}
    for kind in kinds.frameworks().values():
        for language, versions in kind.RUNTIMES.items():
            runtimes[language] = {"type": "string", "enum": list(versions), "x-what": f"a {language} version"}
    return {
        **mapping(runtimes, least=1),
        "description": "Language versions of the build; those of the application's functions when left out.",
        "x-noun": "language",
        "examples": [{"python": "3.13"}],
    }


SCHEMA: Schema = _schema()


class Languages(NamedTuple):
    """The languages of a build with their versions; the first one decides which buildspec runs."""

    versions: Mapping[str, str]
    first: str

    @property
    def version(self) -> str:
        """The version of the first one; empty where nothing says it."""
        return self.versions.get(self.first, "")


def languages(file: File) -> Languages:
    """The file's versions, else those of the application's functions, each with its newest."""
    framework, written = file.framework, _written(file)
    apps = [part.app.template for part in file.parts]
    of_tests = file.tests.template.languages() if file.tests.template else {}
    of_functions = {name: versions[-1] for name, versions in of_tests.items()} | _newest(app for app in apps if app)
    by_framework: dict[str, str] = {}
    for part in file.parts:
        for name, version in part.framework.languages(part.repository, part.app.path).items():
            by_framework[name] = max(version, by_framework.get(name, ""), key=by_number)
    for name, version in by_framework.items():
        of_functions[name] = max(version, of_functions.get(name, ""), key=by_number) if file.has_services else version
    of_application = tuple(language for app in apps if app for language in app.languages()) or tuple(by_framework)
    candidates = (*of_application, *written, *of_functions)
    first = next((name for name in candidates if name in framework.LANGUAGES), framework.LANGUAGE)
    usual = {framework.LANGUAGE: framework.RUNTIMES[framework.LANGUAGE][-2]}
    return Languages({**(of_functions or usual), **written}, first)


def _newest(apps: Iterable[Template]) -> dict[str, str]:
    """The newest version of each language of several templates."""
    newest: dict[str, str] = {}
    for app in apps:
        for name, (*_, version) in app.languages().items():
            newest[name] = max(version, newest.get(name, ""), key=by_number)
    return newest


def chosen(file: File) -> Mapping[str, str]:
    """The versions of the languages that the framework builds, sorted."""
    return {name: text for name, text in sorted(languages(file).versions.items()) if name in file.framework.LANGUAGES}


def problems(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """Versions beside an image that has its own."""
    image = file.settings("build").get("image", AWS_IMAGE)
    if settings and not image.startswith(AWS_IMAGE):
        message = "an image of your own brings its languages with it: there are no versions to choose"
        hint = "leave runtime or image out"
        yield file.document.problem(("build", "runtime"), message, hint, at="key")


def missing(_settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """Languages that no buildspec of the framework builds, and versions that CodeBuild's image has not."""
    written = file.settings("build")
    apps = [part.app.template for part in file.parts if part.app.template]
    if "buildspec" in written or not apps:
        return
    for app in apps:
        yield from _unbuilt(app, file)
    if is_on_lambda(file) or "image" in written:
        return
    for language, version in chosen(file).items():
        offered = file.framework.RUNTIMES.get(language, ())
        if version not in offered:
            message = f"CodeBuild's {file.framework.IMAGE} has no {language} {version}"
            hint = f'say which to build with: build: {{runtime: {{{language}: "{offered[-1]}"}}}}'
            yield apps[0].problem((), message, hint)


def _unbuilt(app: Template, file: File) -> Iterator[Problem]:
    for language in app.languages():
        if language not in file.framework.LANGUAGES:
            hint = "write one and name it in the pipeline file: build: {buildspec: buildspec.yml}"
            yield app.problem((), f"Penstock has no buildspec that builds {language}", hint)


def _written(file: File) -> Mapping[str, str]:
    versions: Mapping[str, str] = file.settings("build").get("runtime", {})
    return versions
