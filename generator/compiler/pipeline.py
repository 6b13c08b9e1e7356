"""The way from a pipeline file to the model, with every problem on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from generator.application.functions import Function
from generator.application.images import makes_images
from generator.application.template import Template
from generator.checks.policies import check_policies
from generator.compiler import build_coverage, deploy_roles, service_stages, services_build
from generator.compiler.own_roles import guarded
from generator.document import Document
from generator.errors import InvalidInputError, Problem
from generator.model import images
from generator.model.build import Build
from generator.model.environment import is_elsewhere
from generator.model.iam import DeployRights
from generator.model.pipeline import App, Pipeline
from generator.model.text import literal
from generator.permissions.launched import NOTHING, Kept
from generator.pipeline_file import kinds, names, schema
from generator.pipeline_file.file import File
from generator.pipeline_file.validation import load
from generator.pipelines import delivery
from generator.repository import assets
from generator.repository.files import Repository


class Compilation(NamedTuple):
    """A pipeline, the file it was made from, and what the repository lacks for it."""

    pipeline: Pipeline
    file: File
    problems: tuple[Problem, ...]

    @property
    def document(self) -> Document:
        """The pipeline file's contents."""
        return self.file.document

    @property
    def repository(self) -> Repository:
        """The repository around the file."""
        return self.file.repository

    @property
    def apps(self) -> tuple[tuple[App, Template | None], ...]:
        """The services with their templates, where these could be read."""
        return tuple(zip(self.pipeline.apps, (part.app.template for part in self.file.parts), strict=True))

    @property
    def tests(self) -> Template | None:
        """The tests' template, where there is one that could be read."""
        return self.file.tests.template

    @property
    def functions(self) -> Iterator[Function]:
        """The functions of the services whose templates the build makes, as far as their files say them."""
        for part in self.file.parts:
            yield from part.framework.functions(part.document, part.repository, part.app.path)


def compile_file(path: Path, name: str, repository: Repository, kept: Kept = NOTHING) -> Compilation:
    """The pipeline of a file. `name` is the file as the user named it, `kept` what exact roles may do all the same.

    Raises InvalidInputError with every problem of the pipeline file; those of the application are in the result.
    """
    if path.is_symlink() and not path.resolve().is_relative_to(repository.root.resolve()):
        hint = "copy it into the repository"
        raise InvalidInputError([Problem(f"{name}: this is a link to a file outside of the repository", hint=hint)])
    file = File(_document(path, name), repository)
    keys = schema.keys()
    problems = list(keys.problems(file.data, file))
    if problems:
        raise InvalidInputError(problems)
    pipeline = _pipeline(file, kept)
    if refused := list(check_policies(pipeline, file.document)):
        raise InvalidInputError(refused)
    return Compilation(pipeline, file, tuple(keys.missing(file.data, file)))


def _document(path: Path, name: str) -> Document:
    """The contents of the file; of a file of another kind, that is the one thing to say."""
    try:
        return load(path, name, schema.pipeline_file())
    except InvalidInputError:
        if problem := names.mistaken(path, name):
            raise InvalidInputError([problem]) from None
        raise


def _pipeline(file: File, kept: Kept) -> Pipeline:
    """What the keys decide, and what follows from several of them."""
    fields = schema.keys().read(file.data, file)
    tests, stages = fields["tests"], fields["stages"]
    code = deploy_roles.packaged_code(file)
    described = service_stages.described(file, stages)
    templates = (*(part.app.template for part in file.parts), file.tests.template)
    build = _with_images(fields.pop("build"), file)
    rights = deploy_roles.rights(
        file.data, tests, stages, templates, code=code, images=build.images, kept=kept, described=described
    )
    build = _build(build, file, rights, fields)
    fields["stages"] = tuple(service_stages.deployed(file, stage) for stage in stages)
    parts = {"services": file.has_services, "environments": any(is_elsewhere(each.environment) for each in stages)}
    pipeline = Pipeline(
        build=build,
        deploy_rights=rights,
        start_tests=assets.function("start_tests.py", **parts),
        describe_changes=assets.function("describe_changes.py", **parts),
        **fields,
    )
    return guarded(planned(pipeline))


def _with_images(build: Build, file: File) -> Build:
    """The build that makes container images, where templates have some that it can make."""
    able = not ("environments" in file.data or build.own or build.machine.on_lambda)
    if not (able and _has_images(file)):
        return build
    environment = {**build.environment, images.VARIABLE: images.REPOSITORY}
    return build._replace(images=True, environment=environment, statements=(*build.statements, *images.push()))


def _has_images(file: File) -> bool:
    # Beside several services, tests are built as templates are.
    tests = [file.tests.template] if file.has_services or file.framework.MAKES_IMAGES else []
    templates = (*(part.app.template for part in file.parts if part.framework.MAKES_IMAGES), *tests)
    return any(template is not None and makes_images(template) for template in templates) or any(
        part.framework.has_images(part.repository, part.app.path) for part in file.parts
    )


def _build(build: Build, file: File, rights: Sequence[DeployRights], fields: Mapping[str, Any]) -> Build:
    """The build with what it has to know of the templates, and of the roles that deploy them."""
    tests = fields["tests"]
    described = service_stages.described(file, fields["stages"])
    if file.has_services:
        units = services_build.Units(fields["stages"], fields["apps"], described, is_tested=tests is not None)
        return services_build.of(build, file, rights, units)
    templates = (file.app.template, file.tests.template, *described.values())
    environment = {
        **service_stages.build_variables(file, fields["apps"][0], fields["stages"]),
        # CodeBuild takes no empty value.
        **({"TESTS_TEMPLATE": literal(tests.template)} if tests else {}),
        **build_coverage.variables(rights, templates, deploy_roles.written_extra(file.data)),
    }
    return build._replace(environment={**build.environment, **environment})


def planned(pipeline: Pipeline) -> Pipeline:
    """A pipeline with the stages that the kinds make of it."""
    plans = {word: kind.plan for word, kind in kinds.stages().items()}
    testing = {word: delivery.Testing(kind.runner, kind.action) for word, kind in kinds.test_kinds().items()}
    return delivery.planned(pipeline, plans, testing)
