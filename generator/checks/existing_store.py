"""An existing bucket or key for artifacts: what the pipeline no longer promises, since somebody else decides it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Document
from generator.errors import Problem
from generator.model.artifact import PACKAGED_PREFIX


def check_existing_store(file: Document) -> Iterator[Problem]:
    """A remark for each, with what its owner has to see to."""
    written = file.data.get("artifacts", {})
    if "bucket" in written:
        message = "an existing bucket: TLS only, no public access, versioning and encryption are its owner's to keep"
        hint = f"let no lifecycle rule expire {PACKAGED_PREFIX}/: a rollback reads packaged code again"
        yield file.problem(("artifacts", "bucket"), message, hint, level="info")
    if "key" in written:
        message = "an existing key: its policy must let this account's roles use it, and nobody here can see that"
        hint = "the statement for the account's root is enough; keep the key as long as any stack is deployed"
        yield file.problem(("artifacts", "key"), message, hint, level="info")
