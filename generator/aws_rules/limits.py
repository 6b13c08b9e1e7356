"""AWS's limits that Penstock checks or keeps to, each once, with the page it stands on."""

from __future__ import annotations

# CodePipeline: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
STAGES = range(2, 50 + 1)
ACTIONS_OF_A_STAGE = range(1, 50 + 1)
ACTIONS = 1000
PIPELINES = 1000
CONCURRENT_EXECUTIONS = 50
SOURCE_BYTES = 1024**3
S3_SOURCE_BYTES = 7 * 1024**3
OVERRIDES_BYTES = 1024
"""Bytes of a CloudFormation action's ParameterOverrides."""
RESOLVED_CONFIGURATION_BYTES = 100 * 1024
OUTPUT_VARIABLES_BYTES = 122_880
"""Bytes of one action's output variables, keys and values."""
CLOUDFORMATION_ARTIFACT_BYTES = 256 * 1024**2
"""Unpacked bytes of an input artifact of a CloudFormation action."""
ACTION_SILENCE_SECONDS = 20 * 60
"""How long CodePipeline waits for a Lambda function to answer its job."""

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html
RUN_ORDERS = range(1, 999 + 1)
APPROVAL_MINUTES = range(5, 86_400 + 1)
CONFIGURATION_KEY_LENGTH = 50
CONFIGURATION_VALUE_LENGTH = 1000

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_FailureDetails.html
FAILURE_MESSAGE_LENGTH = 5000
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html
APPROVAL_SUMMARY_LENGTH = 512
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StopPipelineExecution.html
STOP_REASON_LENGTH = 200
# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_TagResource.html
TAGS = 50

# CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
TEMPLATE_INLINE_BYTES = 51_200
"""Bytes of a template that a request may carry; a larger one is read from S3."""
TEMPLATE_BYTES = 1_000_000
"""Bytes of a template in S3: the page says 1 MB, and CloudFormation's own message 1,000,000 bytes."""
RESOURCES = 500
STACK_NAME_LENGTH = 128
TEMPLATE_DESCRIPTION_BYTES = 1024

# IAM, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE_POLICIES_LENGTH = 10_240
"""Characters of all inline policies of a role together."""
MANAGED_POLICY_LENGTH = 6_144
MANAGED_POLICIES_OF_A_ROLE = 10
"""In an account whose quota nobody has raised."""

# Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
FUNCTION_SECONDS = 900
FUNCTION_MEMORY_MB = 10_240
FUNCTION_ENVIRONMENT_BYTES = 4096
FUNCTION_UNZIPPED_BYTES = 262_144_000
FUNCTION_RESPONSE_BYTES = 6_291_556

# SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
SUBJECT_LENGTH = 100
