"""What writing an object asks for besides: rights to the tags, the access list and the locks that it sets.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.rehearsal.emulator.ministack.iam import Call
from generator.rehearsal.emulator.request_keys import keys_of
from generator.rehearsal.iam.question import Question

BY_HEADER: Mapping[str, str] = {
    "x-amz-tagging": "s3:PutObjectTagging",
    "x-amz-acl": "s3:PutObjectAcl",
    **{f"x-amz-grant-{what}": "s3:PutObjectAcl" for what in ("full-control", "read", "read-acp", "write-acp")},
    "x-amz-object-lock-mode": "s3:PutObjectRetention",
    "x-amz-object-lock-legal-hold": "s3:PutObjectLegalHold",
}
"""Header of a request -> the right it takes."""


def besides(call: Call) -> Iterator[Question]:
    """Whether the caller may set what it sets with the object."""
    if call.action != "s3:PutObject":
        return
    actions = (action for header, action in BY_HEADER.items() if call.headers.get(header))
    for action in dict.fromkeys(actions):
        yield Question(call.principal, action, call.resource, keys_of(call), call.action)
