"""AWS::ApiGatewayV2::*: HTTP and WebSocket APIs. IAM judges HTTP verbs on paths.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/resources.html (each operation's verb and path)
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
"""

from __future__ import annotations

from functools import partial

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed
from generator.rehearsal.iam.cloudformation_calls.verbs import ID, ROOT, below, tagging

_API = f"{ROOT}/apis/{{ApiId}}"
_below = partial(below, "AWS::ApiGatewayV2")
_TAGGING = tagging("POST")


# A stage's tags are asked for once more by this name, and where the stages are:
# https://github.com/aws-amplify/amplify-cli/issues/12316
_STAGE_TAGGING = (
    *_TAGGING,
    Call("apigateway:TagResource", f"{_API}/stages", when=("Tags",)),
    Call("apigateway:UntagResource", f"{_API}/stages", lost=("Tags",)),
)


API = Kind(
    "AWS::ApiGatewayV2::Api",
    f"{ROOT}/apis/{{id}}",
    Named(generated=ID),
    create=(
        # CreateApi, or ImportApi for an OpenAPI document.
        Call("apigateway:POST", f"{ROOT}/apis", when=("Name",)),
        Call("apigateway:PUT", f"{ROOT}/apis", when=("Body", "BodyS3Location")),
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
    _below(
        "Integration",
        f"{_API}/integrations",
        "{id}",
        passed("CredentialsArn", "apigateway.amazonaws.com"),
    ),
    _below("IntegrationResponse", f"{_API}/integrations/{{IntegrationId}}/integrationresponses", "{id}"),
    _below(
        "Authorizer",
        f"{_API}/authorizers",
        "{id}",
        passed("AuthorizerCredentialsArn", "apigateway.amazonaws.com"),
    ),
    _below("Deployment", f"{_API}/deployments", "{id}"),
    _below("DomainName", f"{ROOT}/domainnames", "{DomainName}", *_TAGGING),
    _below("ApiMapping", f"{ROOT}/domainnames/{{DomainName}}/apimappings", "{id}"),
)
