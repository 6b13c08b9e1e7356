"""Templates that are the output of packaging: no commit would change what they deploy."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.template import Template
from generator.errors import Problem


def check_packaged(template: Template) -> Iterator[Problem]:
    """A template all of whose code lies where `aws cloudformation package` puts it, once, at the first such place.

    https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
    """
    if template.is_packaged:
        code = next(code for code in template.code if code.is_uploaded)
        message = "this is a packaged template: its code is already in S3, so no commit would change it"
        hint = "name the template it was made from, whose CodeUri is a folder, as app: {template: <path>}"
        yield template.problem(code.path, message, hint)
