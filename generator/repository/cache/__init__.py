"""The user's cache folder, and the answers of slow libraries that are kept there."""
