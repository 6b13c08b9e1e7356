"""AWS::Cognito::*: user pools and their clients.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Cognito.html
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, passed

_POOLS = "arn:{partition}:cognito-idp:{region}:{account}:userpool/"

# CreateUserPool takes no resource.
USER_POOL = Kind(
    "AWS::Cognito::UserPool",
    _POOLS + "{id}",
    Named(generated="{region}_a1b2c3d4e"),
    create=(Call("cognito-idp:CreateUserPool", "*"),),
    both=(
        Call("cognito-idp:SetUserPoolMfaConfig", when=("EnabledMfas", "WebAuthnRelyingPartyID")),
        passed("SmsConfiguration.SnsCallerArn", "cognito-idp.amazonaws.com"),
        Call("cognito-idp:TagResource", when=("UserPoolTags",)),
        Call("cognito-idp:UntagResource", lost=("UserPoolTags",)),
    ),
    read=(Call("cognito-idp:DescribeUserPool"),),
    update=(Call("cognito-idp:UpdateUserPool", besides=("EnabledMfas", "WebAuthnRelyingPartyID", "UserPoolTags")),),
    delete=(Call("cognito-idp:DeleteUserPool"),),
)
CLIENT = Kind(
    "AWS::Cognito::UserPoolClient",
    _POOLS + "{UserPoolId}",
    Named(generated="a1b2c3d4e5f6g7h8i9j0k1l2m3"),
    create=(Call("cognito-idp:CreateUserPoolClient"),),
    read=(Call("cognito-idp:DescribeUserPoolClient"),),
    update=(Call("cognito-idp:UpdateUserPoolClient"),),
    delete=(Call("cognito-idp:DeleteUserPoolClient"),),
)

KINDS = (USER_POOL, CLIENT)
