"""What users write where a name or an ARN of AWS stands: literal, but for what every stack knows."""

from __future__ import annotations

from generator.model.text import Text, literal

SUBSTITUTED = ("${AWS::AccountId}", "${AWS::Partition}", "${AWS::Region}", "${ServiceName}")
"""What may be substituted, so that one template serves many services and accounts."""


def named(text: str) -> Text:
    """The text with KNOWN substituted and all else as it stands."""
    escaped = literal(text)
    for reference in SUBSTITUTED:
        escaped = escaped.replace(literal(reference), reference)
    return escaped
