"""Lambda functions in processes of their own, driven over Lambda's Runtime API by AWS's own runtime clients."""
