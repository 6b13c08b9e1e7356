"""The addresses at which templates are in S3, in the one form the emulator reads.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")


def path_style(url: str) -> str:
    """An address whose host is a bucket's as one whose path begins with the bucket; others as they are."""
    parts = urlsplit(url)
    host = _VIRTUAL_HOST.fullmatch(parts.hostname or "")
    return f"https://s3.amazonaws.com/{host['bucket']}{parts.path}" if host else url
