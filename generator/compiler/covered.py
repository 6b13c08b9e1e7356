"""What the build is told of the launched deploy roles, to stop a commit that they could not deploy."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model import Text
from generator.permissions import coverage, deploy_role, lists
from generator.permissions.corrections import BASELINE
from generator.rights import DeployRights

# What SAM can be asked to add beyond the baseline.
_BEYOND = {"Route53:": ("AWS::Route53::RecordSetGroup",)}


def variables(rights: Sequence[DeployRights]) -> dict[str, Text]:
    """The build's variables; none where an existing role deploys, of which nothing is known."""
    types = frozenset(kind for one in rights for kind in one.covers)
    if not types:
        return {}
    written = _written(types)
    return {coverage.TYPES_VARIABLE: written, coverage.WORDS_VARIABLE: coverage.checked(written, _BEYOND)}


def _written(types: frozenset[str]) -> str:
    if types == frozenset(BASELINE):
        return deploy_role.covers()
    # A few types are told in full, since a later launch reads them back; what holds the baseline is long enough.
    known = (*lists.published(), *BASELINE) if types.issuperset(BASELINE) else ()
    return coverage.pattern({*types, coverage.SAM}, known)
