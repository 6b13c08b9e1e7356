"""botocore's models of services, which ministack reads anew for each purpose, with a session for each service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import _BOTOCORE_NAME

from generator.rehearsal.emulator.ministack.interception import Intercepted

_data = Intercepted("ministack.core.iam_actions._load_botocore_model")
_model = Intercepted("ministack.core.responses._service_model", "ministack.services.stepfunctions._service_model")


def share(data_of: Callable[[str], Mapping[str, Any]], model_of: Callable[[str], Any]) -> None:
    """Have ministack use these, by botocore's name of a service: its data, empty for none, and its model or None."""
    _data.around(lambda _inner, service: data_of(service))
    _model.around(lambda _inner, service: model_of(_BOTOCORE_NAME.get(service, service)))
