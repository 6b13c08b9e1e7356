"""Penstock: a short pipeline file becomes the whole delivery pipeline of a serverless application."""
