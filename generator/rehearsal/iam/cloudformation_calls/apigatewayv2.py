"""AWS::ApiGatewayV2::*: HTTP and WebSocket APIs. IAM judges HTTP verbs on paths.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html (each operation's verb and path)
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed

_ROOT = "arn:{partition}:apigateway:{region}::"
_API = f"{_ROOT}/apis/{{ApiId}}"
_TAGS = f"{_ROOT}/tags/*"
_ID = "a1b2c3d4e5"
# The verb of TagResource and of UntagResource.
_TAGGING = (
    Call("apigateway:POST", _TAGS, when=("Tags",)),
    Call("apigateway:DELETE", _TAGS, lost=("Tags",)),
)


# A stage's tags are asked for once more by this name, and where the stages are:
# https://github.com/aws-amplify/amplify-cli/issues/12316
_STAGE_TAGGING = (
    *_TAGGING,
    Call("apigateway:TagResource", f"{_API}/stages", when=("Tags",)),
    Call("apigateway:UntagResource", f"{_API}/stages", lost=("Tags",)),
)


def _below(name: str, collection: str, item: str, *beside: Call) -> Kind:
    """A type whose resources are made in a collection, changed and deleted by their own path."""
    return Kind(
        f"AWS::ApiGatewayV2::{name}",
        f"{collection}/{item}",
        Named(generated=_ID),
        create=(Call("apigateway:POST", collection),),
        both=beside,
        read=(Call("apigateway:GET"),),
        update=(Call("apigateway:PATCH", besides=("Tags",)),),
        delete=(Call("apigateway:DELETE"),),
    )


API = Kind(
    "AWS::ApiGatewayV2::Api",
    f"{_ROOT}/apis/{{id}}",
    Named(generated=_ID),
    create=(
        # CreateApi, or ImportApi for an OpenAPI document.
        Call("apigateway:POST", f"{_ROOT}/apis", when=("Name",)),
        Call("apigateway:PUT", f"{_ROOT}/apis", when=("Body", "BodyS3Location")),
    ),
    both=_TAGGING,
    read=(Call("apigateway:GET"),),
    update=(
        Call("apigateway:PUT", when=("Body", "BodyS3Location")),
        Call("apigateway:PATCH", besides=("Body", "BodyS3Location", "Tags")),
    ),
    delete=(Call("apigateway:DELETE"),),
)

KINDS = (
    API,
    _below("Stage", f"{_API}/stages", "{StageName}", *_STAGE_TAGGING),
    _below("Route", f"{_API}/routes", "{id}"),
    _below("RouteResponse", f"{_API}/routes/{{RouteId}}/routeresponses", "{id}"),
    _below("Integration", f"{_API}/integrations", "{id}", passed("CredentialsArn", "apigateway.amazonaws.com")),
    _below("IntegrationResponse", f"{_API}/integrations/{{IntegrationId}}/integrationresponses", "{id}"),
    _below("Authorizer", f"{_API}/authorizers", "{id}", passed("AuthorizerCredentialsArn", "apigateway.amazonaws.com")),
    _below("Deployment", f"{_API}/deployments", "{id}"),
    _below("DomainName", f"{_ROOT}/domainnames", "{DomainName}", *_TAGGING),
    _below("ApiMapping", f"{_ROOT}/domainnames/{{DomainName}}/apimappings", "{id}"),
)
