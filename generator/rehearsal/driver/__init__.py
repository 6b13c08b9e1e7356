"""Takes a commit and a pipeline template through the emulator: launch, push, follow, answer, sum up.

`rehearsing` is the way through; `source` says what is rehearsed, `launching` makes the stack, `delivering` pushes,
`following` hears what happens, `outcome` is what it came to, and `steps` what is told on the way beside the events
of `generator.execution`.
"""
