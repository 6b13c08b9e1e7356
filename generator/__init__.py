"""Penstock: a short pipeline file becomes the whole delivery pipeline of a serverless application."""

__version__ = "0.1.0"
