"""Programs that CodeBuild's images have and this machine may lack: what a command failed for, if for one of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

# What is in the Dockerfiles of AWS's standard images, of what builds call by name and machines of developers may lack:
# https://github.com/aws/aws-codebuild-docker-images (al/x86_64/standard/5.0, ubuntu/standard/7.0; 2026-04)
_OF_IMAGES = re.compile(
    "ant|apt-get|bundle|composer|dnf|docker|docker-compose|dotnet|gcc|gem|gh|go|gradle|java|javac|jq|kubectl|make|mvn|"
    "node|npm|npx|php|ruby|sbt|unzip|wget|yarn|yum|zip"
)
# As bash, dash and make say it, and Python of a program that it starts.
_NOT_THERE = re.compile(
    r"(?:^|\s)([\w.+-]+): (?:command not found|not found|No such file or directory)$|"
    r"No such file or directory: '([\w.+-]+)'"
)


def missing_program(written: Sequence[str], path: str) -> str:
    """The first program of CodeBuild's images that a command's output misses and `path` has not; empty: none."""
    names = (match[1] or match[2] for line in written for match in _NOT_THERE.finditer(line.rstrip()))
    return next((name for name in names if _OF_IMAGES.fullmatch(name) and not shutil.which(name, path=path)), "")
