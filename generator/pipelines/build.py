"""The stages that every pipeline begins with: where the commit comes from, and its build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.model import images
from generator.model.artifact import BUILD_ARTIFACT, PACKAGED_PREFIX
from generator.model.build import OUTPUT_BUCKET, OUTPUT_PREFIX, Build, Project
from generator.model.iam import Role, Statement
from generator.model.pipeline import PlannedStage, Settings
from generator.model.source import Source
from generator.model.store import Store
from generator.model.text import Text
from generator.stages.actions import codebuild

_BUILD_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_BUCKET = ("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
_OBJECTS = (
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
)


def source_stage(source: Source) -> PlannedStage:
    """The stage that fetches the commit."""
    action = source.action._replace(purpose="source", blocks=source.resources, statements=source.statements)
    return PlannedStage("Source", (action,))


def build_stage(build: Build, project: Project) -> PlannedStage:
    """The stage that builds it."""
    action = codebuild.action("Build", project, "build", build.filled_in, outputs=(BUILD_ARTIFACT,), namespace="Build")
    if images.VARIABLE in build.environment:
        action = action._replace(blocks=(*action.blocks, images.repository()))
    return PlannedStage("Build", (action,))


class Objects(NamedTuple):
    """The objects of the store that a build reads and writes, and those that it creates and never overwrites.

    `packaged` is the folder of the code that it packages; what it has `taken` again a build before it has created.
    """

    written: tuple[Text, ...]
    created: tuple[Text, ...] = ()
    packaged: str = PACKAGED_PREFIX
    taken: tuple[Text, ...] = ()


def objects(build: Build, store: Store) -> Objects:
    """Those of the build of every commit: a buildspec of the repository's own packages as it likes."""
    if build.own:
        return Objects(store.everything)
    written = (store.artifacts, *((store.cached,) if build.machine.cache == "s3" else ()))
    return Objects(written, (store.packaged,), taken=(store.built,) if build.reuses else ())


def project(naming: codebuild.Naming, build: Build, settings: Settings, objects: Objects) -> Project:
    """The project that builds."""
    store = settings.store
    cache = store.cache if build.machine.cache == "s3" else ""
    environment = {**build.environment, OUTPUT_BUCKET: store.name, OUTPUT_PREFIX: objects.packaged}
    machine = build.machine._replace(privileged=build.images)
    work = codebuild.Work(machine, build.buildspec, environment, build.secrets, cache)
    needed = (*_needed(naming, store, objects), *build.statements)
    return codebuild.project(naming, work, settings, needed)


def role(
    logical_id: str, comment: str, stages: tuple[PlannedStage, ...], store: Store, objects: tuple[Text, ...]
) -> Role:
    """The role that a pipeline of these stages runs with; `objects` are those of the store that it hands on."""
    statements = (
        *(statement for stage in stages for statement in stage.statements),
        Statement("Artifacts", _OBJECTS, objects),
        Statement("ArtifactBucket", _BUCKET, (store.arn,)),
        *store.use_key(),
    )
    return Role(logical_id, "codepipeline", statements, comment)


def _needed(naming: codebuild.Naming, store: Store, objects: Objects) -> Iterator[Statement]:
    yield Statement("ReadAndWriteArtifacts", _BUILD_OBJECTS, objects.written)
    if objects.created:
        yield Statement(
            "CreatePackagedCode",
            ("s3:PutObject",),
            objects.created,
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
            {"Null": {"s3:if-none-match": "false"}},
            comment="The condition: only what is not there yet. Nobody changes code that somebody has approved.",
        )
    if objects.taken:
        yield Statement("TakeWhatWasBuilt", ("s3:GetObject",), objects.taken)
    yield codebuild.report(naming)
    yield from store.use_key()
