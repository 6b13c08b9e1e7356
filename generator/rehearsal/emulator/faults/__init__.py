"""Faults that AWS's services are allowed, put between the emulator's services: nothing is imported until asked for.

`kinds` says which there are, `chance` when each strikes, `installation` puts them where they strike.
"""
