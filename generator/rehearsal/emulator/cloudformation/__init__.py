"""CloudFormation types the emulator lacks or gets wrong, one module per service."""
