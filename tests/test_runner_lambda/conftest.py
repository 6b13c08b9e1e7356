"""Surroundings of the two Lambda functions: a region, credentials of nobody, and no way to AWS."""

from collections.abc import Iterator

import pytest

from test_runner_lambda import describe_changes, start_tests


@pytest.fixture(autouse=True, scope="session")
def nowhere() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # whatever is not stubbed ends here
        environment.delenv("AWS_PROFILE", raising=False)
        start_tests.client_at_home.cache_clear()
        describe_changes.client_at_home.cache_clear()
        yield
    start_tests.client_at_home.cache_clear()
    describe_changes.client_at_home.cache_clear()
