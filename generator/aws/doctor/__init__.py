"""Checks for what would make a first run fail, one module per subject."""
