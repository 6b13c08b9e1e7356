"""The build role's rights to the artifacts of a pipeline, which on AWS the build itself reads and writes in S3.

Here the zips pass as files, so the questions S3 and KMS would ask are asked for them.
https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.pipeline import outputs_of
from generator.rehearsal.codebuild.sources import Source
from generator.rehearsal.codepipeline.builds import BuildOrder
from generator.rehearsal.service import Surroundings

_READ = ("s3:GetObject", "s3:GetObjectVersion")
_WRITE = ("s3:PutObject",)


@dataclass(frozen=True, slots=True)
class ArtifactRights:
    """What `principal`, a session of the build's role, may do with the artifacts of an order."""

    surroundings: Surroundings
    principal: str
    order: BuildOrder

    def readable(self, name: str, source: Source) -> Source:
        """The source, which can be placed only by a role that may read the artifact."""
        return Guarded(source, lambda: self._ask_to_read(name))

    def _ask_to_read(self, name: str) -> None:
        self._ask(name, _READ, "kms:Decrypt")
        if clone := self.order.clones.get(name):
            # https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-connections
            self._need(clone.action, clone.resource)

    def deliver(self, identifier: str, _archive: Path, _name: str) -> None:
        """Raise PhaseFailedError unless the role may write this output."""
        named = dict(zip(outputs_of(self.order), self.order.outputs, strict=True))
        self._ask(named[identifier], _WRITE, "kms:GenerateDataKey")

    def _ask(self, name: str, actions: tuple[str, ...], with_key: str) -> None:
        place = self.order.places.get(name)
        if place is None:
            return
        for action in actions:
            self._need(action, place)
        if self.order.key:
            region = self.surroundings.region
            context = {"kms:ViaService": f"s3.{region}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": place}
            self._need(with_key, self.order.key, {**context, "kms:CallerAccount": self.surroundings.account})

    def _need(self, action: str, resource: str, context: dict[str, str] | None = None) -> None:
        behind = f"the build's artifacts in {self.order.initiator}"
        answer = self.surroundings.may(self.principal, action, resource, context=context or {}, behind=behind)
        if not answer.allowed:
            raise PhaseFailedError("CLIENT_ERROR", f"AccessDenied: {answer.why}")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A source that is placed only after a check, which may raise PhaseFailedError."""

    source: Source
    check: Callable[[], None]

    def place(self, folder: Path) -> None:
        """Check, then put the files there."""
        self.check()
        self.source.place(folder)
