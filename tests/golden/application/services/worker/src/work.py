"""What is done in the background."""


def handler(event, context):
    """Nothing yet."""
