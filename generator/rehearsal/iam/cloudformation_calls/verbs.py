"""What the lists of both generations of API Gateway share: IAM judges HTTP verbs on paths."""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, Template

ROOT: Template = "arn:{partition}:apigateway:{region}::"
ID = "a1b2c3d4e5"
"""What an id of the service looks like."""
_TAGS = f"{ROOT}/tags/*"


def tagging(verb: str) -> tuple[Call, ...]:
    """The calls of TagResource, whose verb this is, and of UntagResource."""
    return (
        Call(f"apigateway:{verb}", _TAGS, when=("Tags",)),
        Call("apigateway:DELETE", _TAGS, lost=("Tags",)),
    )


def below(service: str, name: str, collection: Template, item: str, *beside: Call) -> Kind:
    """A type whose resources are made in a collection, changed and deleted by their own path."""
    return Kind(
        f"{service}::{name}",
        f"{collection}/{item}",
        Named(generated=ID),
        create=(Call("apigateway:POST", collection),),
        both=beside,
        read=(Call("apigateway:GET"),),
        update=(Call("apigateway:PATCH", besides=("Tags",)),),
        delete=(Call("apigateway:DELETE"),),
    )
