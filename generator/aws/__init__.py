"""The one door to AWS: what launches, follows and takes down a pipeline there."""
