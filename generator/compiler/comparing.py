"""Whether the build of a commit compares its templates with what the deploy roles cover: a remark where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from generator.compiler.deploy_roles import KEY
from generator.document import Document
from generator.errors import Problem
from generator.permissions.coverage import TYPES_VARIABLE
from generator.repository.files import Repository


def remarks(file: Document, repository: Repository) -> Iterator[Problem]:
    """A remark for an existing role, and for a buildspec of the repository's own that does not ask what is covered."""
    role, own = file.data.get(KEY), file.data.get("build", {}).get("buildspec", "")
    if isinstance(role, dict) and "arn" in role:
        message = "what this role may do is not known here: neither check nor the build compares the templates with it"
        hint = "penstock permissions lists what they take; what the role lacks fails when it is deployed"
        yield file.problem((KEY, "arn"), message, hint, level="info")
    elif own and repository.has(own) and TYPES_VARIABLE not in repository.text(own):
        message = "your own buildspec does not compare the templates with what the deploy roles cover"
        hint = f"what they lack fails when it is deployed; docs/permissions.md shows how to compare ${TYPES_VARIABLE}"
        yield file.problem(("build", "buildspec"), message, hint, level="info")
