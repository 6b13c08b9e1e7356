"""Keeps what a rehearsal starts from reaching anything but the emulator and package registries."""
