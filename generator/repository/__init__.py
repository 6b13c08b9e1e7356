"""The user's repository: its files, what git says about it, and the files that ship with Penstock."""
