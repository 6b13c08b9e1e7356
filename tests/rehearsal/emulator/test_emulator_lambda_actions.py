"""Which action of IAM's a request to Lambda is."""

from __future__ import annotations

import pytest

from generator.rehearsal.emulator.lambda_actions import action_of

FUNCTION = "/2015-03-31/functions/shop"


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", FUNCTION, "GetFunction"),
        ("GET", "/2015-03-31/functions/", "ListFunctions"),
        ("GET", f"{FUNCTION}/aliases/live", "GetAlias"),
        ("PUT", f"{FUNCTION}/aliases/live", "UpdateAlias"),
        ("GET", f"{FUNCTION}/aliases", "ListAliases"),
        ("GET", "/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:a:1", "GetFunction"),
        ("POST", f"{FUNCTION}/invocations", "InvokeFunction"),
        ("POST", "/2014-11-13/functions/shop/invoke-async/", "InvokeAsync"),
        ("POST", "/2021-11-15/functions/shop/response-streaming-invocations", "InvokeFunction"),
        ("PUT", "/2021-10-31/functions/shop/url", "UpdateFunctionUrlConfig"),
        ("GET", "/2018-10-31/layers", "ListLayers"),
        ("GET", "/2015-03-31/event-source-mappings/8f1c", "GetEventSourceMapping"),
        ("DELETE", "/2017-10-31/functions/shop/concurrency", "DeleteFunctionConcurrency"),
        ("PATCH", FUNCTION, None),
    ],
)
def test_the_action_follows_from_verb_and_path(method: str, path: str, action: str | None) -> None:
    assert action_of(method, path) == action
