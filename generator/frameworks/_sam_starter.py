"""The first test stack of an application that has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from generator.aws_rules.runtimes import not_retired

_RUNTIMES: Mapping[str, str] = {"nodejs": "nodejs{}.x", "python": "python{}"}
_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: The integration tests, as a Lambda function the pipeline calls after every deployment.

Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {folder}/
      Handler: checks.handler
      Runtime: {runtime}
      Timeout: 60
      # A version for every commit: each execution of the pipeline tests with the checks of its own commit.
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true

Outputs:
  TestFunction:
    Description: The version of the test function that belongs to this commit.
    Value: !Ref TestFunction.Version
"""


def starter_template(folder: str, language: str, version: str, today: dt.date) -> str:
    """The template of a test function whose code is in a folder; a retired runtime gives way to its successor."""
    return _TEMPLATE.format(folder=folder, runtime=not_retired(_RUNTIMES[language].format(version), today))
