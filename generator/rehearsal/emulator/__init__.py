"""The AWS emulator the rehearsal runs against: one child process, and everything that touches its insides."""
