import pytest
from checks import CHECKS, handler

# Nothing listens there, and the name can never be registered.
NOWHERE = "https://nowhere.invalid"


@pytest.mark.parametrize("event", [{"api_url": NOWHERE}, {"api_url": "ftp://nowhere.invalid"}, {"api_url": None}, {}])
def test_a_check_that_cannot_be_made_is_a_failed_one(event: dict[str, str]) -> None:
    result = handler(event, None)
    assert (result["passed"], result["failed"]) == (0, len(CHECKS))
    assert result["summary"].startswith(f"0 of {len(CHECKS)} checks passed; it tells the time: ")
