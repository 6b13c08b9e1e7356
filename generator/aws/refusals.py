"""Explains why AWS refused: each botocore error becomes a message with a hint.

Messages about credentials are ours: AWS repeats signed headers, and with them session tokens, in some of its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.errors import AwsRefusedError, Problem

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

ATTEMPTS = 5
"""How often a request is sent before AWS's throttling or silence counts as a refusal."""
# Every region that came after March 2019 must be switched on for an account; those before it are on:
# https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
_ALWAYS_ON = re.compile(
    r"us-(east|west)-[12]|ca-central-1|sa-east-1|eu-(central-1|north-1|west-[123])|ap-(northeast-[123]|south-1|southeast-[12])"
)
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN_KEYS = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_SWITCHED_OFF = frozenset({"OptInRequired", "SubscriptionRequiredException"})
_DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"})
_THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_AWS_DOWN = frozenset({"500", "503", "InternalError", "InternalFailure", "ServiceUnavailable"})
_WHO_MAY_WHAT = re.compile(r"not authorized to perform:? (?P<action>[\w-]+:\w+)(?: on resource:? (?P<resource>\S+))?")
_STACK_GONE = re.compile(r"Stack (?:with id |\[|:)?(?P<stack>[^\s\]]+)\]? does not exist")
_LONGEST = 500


class _Refusal(NamedTuple):
    """What happened, and what to try."""

    message: str
    advice: str = ""


@contextmanager
def refusals(profile: str = "", region: str = "") -> Iterator[None]:
    """Turns botocore's errors into AwsRefusedError; also a decorator. Profile and region only serve the advice.

    What only our mistake can cause (a parameter that AWS does not know) is let through.
    """
    try:
        yield
    except Exception as raised:
        # Whoever has not imported botocore cannot have been refused by it.
        if "botocore" not in sys.modules:
            raise
        refusal = _refusal_of(raised, profile, region)
        if refusal is None:
            raise
        raise AwsRefusedError(str(Problem(refusal.message, hint=refusal.advice))) from raised


def _refusal_of(raised: Exception, profile: str, region: str) -> _Refusal | None:
    from botocore import exceptions  # noqa: PLC0415 - is imported already

    if isinstance(raised, exceptions.ClientError):
        return _answer(raised, profile, region)
    for kinds, refusal in (*_without_credentials(profile), *_without_answer(region)):
        if isinstance(raised, tuple(getattr(exceptions, kind) for kind in kinds)):
            return refusal
    ours = (exceptions.ParamValidationError, exceptions.UnknownServiceError, exceptions.DataNotFoundError)
    if isinstance(raised, exceptions.BotoCoreError) and not isinstance(raised, ours):
        return _Refusal(f"AWS could not be asked: {_short(str(raised))}")
    return None


def _without_credentials(profile: str) -> Iterator[tuple[tuple[str, ...], _Refusal]]:
    """What can go wrong before AWS is asked, by botocore's names."""
    sign_in = _sign_in(profile)
    yield (
        ("ProfileNotFound",),
        _Refusal(
            f"there is no AWS profile {profile!r}" if profile else "there is no AWS profile of that name",
            "`aws configure list-profiles` lists them; --profile and AWS_PROFILE choose one",
        ),
    )
    yield ("NoCredentialsError", "NoAuthTokenError"), _Refusal("no AWS credentials were found", sign_in)
    yield (
        ("PartialCredentialsError",),
        _Refusal(
            "only half of the AWS credentials is set", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together"
        ),
    )
    yield (
        ("SSOError", "LoginError", "TokenRetrievalError", "SSOTokenLoadError", "LoginRefreshRequired"),
        _Refusal("the AWS sign-in is missing or has expired", sign_in),
    )
    yield (
        ("CredentialRetrievalError", "RefreshWithMFAUnsupportedError", "MetadataRetrievalError"),
        _Refusal("the AWS credentials could not be fetched", f"see what `aws sts get-caller-identity` says; {sign_in}"),
    )


def _without_answer(region: str) -> Iterator[tuple[tuple[str, ...], _Refusal]]:
    """What can keep AWS from answering, by botocore's names; the first that fits counts."""
    yield ("NoRegionError",), _Refusal("no AWS region is set", "name it: --region eu-west-1, or set AWS_REGION")
    yield ("InvalidRegionError",), _Refusal(f"{region!r} is not the name of an AWS region", "one is eu-west-1")
    yield (
        ("SSLError",),
        _Refusal(
            "the connection to AWS is not trusted",
            "behind a proxy that inspects TLS, set AWS_CA_BUNDLE to its certificate",
        ),
    )
    yield (
        ("HTTPClientError", "ConnectionError"),
        _Refusal(
            f"AWS could not be reached{_in(region)}",
            "check the network, the proxy and the name of the region, then run it again: it continues what was begun",
        ),
    )


def _answer(raised: ClientError, profile: str, region: str) -> _Refusal:
    """What AWS's own answer means."""
    code, message = str(_part(raised, "Code")), str(_part(raised, "Message"))
    if code in _EXPIRED:
        return _Refusal("the AWS credentials have expired", _sign_in(profile))
    if code in _UNKNOWN_KEYS | _SWITCHED_OFF:
        return _unaccepted_credentials(code, profile, region)
    if code in _DENIED or _WHO_MAY_WHAT.search(message):
        return _denied(raised.operation_name, message)
    if code in _THROTTLED:
        asked = raised.response.get("ResponseMetadata", {}).get("RetryAttempts", ATTEMPTS - 1) + 1
        return _Refusal(
            f"AWS kept throttling {raised.operation_name} ({asked} attempts)",
            "others in this account are making many calls: wait a minute, then run it again",
        )
    if code in _AWS_DOWN:
        return _Refusal(f"AWS had an internal error in {raised.operation_name} ({code})", "try again in a while")
    return _not_there(code, message, region) or _Refusal(
        f"AWS refused {raised.operation_name}: {_short(message)} ({code})"
    )


def _unaccepted_credentials(code: str, profile: str, region: str) -> _Refusal:
    off = bool(region) and not _ALWAYS_ON.fullmatch(region) and not region.startswith(_OTHER_PARTITIONS)
    if off or code in _SWITCHED_OFF:
        return _Refusal(
            f"AWS does not accept these credentials{_in(region)}",
            "this region must be switched on for an account first (console: Account, AWS Regions; it takes minutes); "
            f"if it is on: {_sign_in(profile)}",
        )
    return _Refusal(f"AWS does not accept these credentials{_in(region)}", _sign_in(profile))


def _denied(operation: str, message: str) -> _Refusal:
    match = _WHO_MAY_WHAT.search(message)
    action = match["action"] if match else operation
    resource = match["resource"].rstrip(".") if match and match["resource"] else ""
    on = f" on {resource}" if resource else ""
    # AWS says whether a policy is missing, or one of the organisation's denies it; the coded rest is for nobody.
    because = re.search(r"because ([^.]*?)(?: Encoded|$|\.)", message)
    why = f": {because[1].strip()}" if because else ""
    return _Refusal(
        f"these credentials may not {action}{on}{why}", f"ask an administrator of the account to allow {action}{on}"
    )


def _not_there(code: str, message: str, region: str) -> _Refusal | None:
    launch = "`penstock launch` creates it; is this the right account and region?"
    if code == "PipelineNotFoundException":
        name = re.search(r"pipeline (?:with )?(?:the )?name '?([\w.@-]+)", message)
        return _Refusal(f"there is no pipeline{f' {name[1]}' if name else ''}{_in(region)}", launch)
    if gone := _STACK_GONE.search(message):
        return _Refusal(f"there is no stack {gone['stack']}{_in(region)}", launch)
    return None


def _part(raised: ClientError, name: str) -> Any:
    return raised.response.get("Error", {}).get(name, "")


def _sign_in(profile: str) -> str:
    chosen = f" --profile {profile}" if profile else ""
    return f"sign in (`aws sso login{chosen}` or `aws configure{chosen}`), or choose another --profile"


def _in(region: str) -> str:
    return f" in {region}" if region else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
