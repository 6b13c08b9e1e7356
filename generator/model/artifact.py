"""What travels from stage to stage: the names of artifacts, and where packaged code lies."""

from __future__ import annotations

SOURCE_ARTIFACT = "SourceArtifact"
BUILD_ARTIFACT = "BuildArtifact"
# Begins with a capital, which no service does: the expiry of artifacts can never match packaged code.
PACKAGED_PREFIX = "Packaged"
COMMANDS_ARTIFACT = "penstock-artifact"
"""The folder of the build's artifact with what the commands that deploy take from the build."""
