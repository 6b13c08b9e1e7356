"""Reads a data file: after a line that says where it comes from, a key and a text a line."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

DATA = Path(__file__).parent / "data"


class Rows(NamedTuple):
    """The rows of a file, the package they were taken from, and the day they were."""

    source: str
    extracted: str
    rows: Mapping[str, str]


@functools.cache
def read(name: str) -> Rows:
    """The rows of a data file, which is unpacked when it is first asked for."""
    first, *lines = gzip.decompress((DATA / name).read_bytes()).decode().splitlines()
    origin = json.loads(first)
    rows = dict(line.split("\t", maxsplit=1) for line in lines)
    return Rows(origin["source"], origin["extracted"], MappingProxyType(rows))


def packed(content: Rows) -> bytes:
    """The bytes of a data file, the same for the same rows."""
    origin = json.dumps({"source": content.source, "extracted": content.extracted})
    lines = [origin, *(f"{key}\t{text}" for key, text in sorted(content.rows.items()))]
    return gzip.compress("\n".join(lines).encode(), mtime=0)
