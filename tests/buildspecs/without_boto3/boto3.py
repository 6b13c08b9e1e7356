"""Stands where a Python has no boto3."""

raise ImportError("no boto3 here")
