"""The items that are in the table."""

import os


def handler(event, context):
    """What the table is called."""
    return {"statusCode": 200, "body": os.environ["TABLE"]}
