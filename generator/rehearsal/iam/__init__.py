"""Who may do what: IAM policies judged as AWS documents it, every question kept with its answer.

Knows nothing of the emulator: whoever asks brings what principals hold and what resources' own policies say.
"""
