"""What travels from stage to stage: the names of artifacts and of what lies in them."""

from __future__ import annotations

SOURCE_ARTIFACT = "SourceArtifact"
BUILD_ARTIFACT = "BuildArtifact"
# What the build leaves in its artifact: the names of AWS's sample of 2017, so that its buildspecs work unchanged.
PACKAGED_APP = "app-output_sam.yaml"
PACKAGED_TESTS = "test-output_sam.yaml"
# Begins with a capital, which no service does: the expiry of artifacts can never match packaged code.
PACKAGED_PREFIX = "Packaged"
