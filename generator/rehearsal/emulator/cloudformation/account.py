"""What templates read of the emulator's account: exports, outputs of other stacks, Parameter Store, zones."""

from __future__ import annotations

from generator.rehearsal.cloudformation.errors import NotEvaluatedError
from generator.rehearsal.emulator.ministack import cloudformation, context, ssm


class EmulatorAccount:
    """The account and region at hand, which holds what the rehearsal made and nothing else of the user's."""

    def export(self, name: str) -> str:
        """The value of an export. Raises NotEvaluatedError for one no stack here has."""
        value = cloudformation.exported_value(name)
        if value is None:
            raise NotEvaluatedError(
                f"no stack here exports {name}, and it is not known whether your account does;"
                f" declare it with --existing export:{name}=VALUE"
            )
        return value

    def output(self, stack: str, output: str) -> str:
        """The value of another stack's output. Raises NotEvaluatedError as `export`."""
        value = cloudformation.output_of(stack, output)
        if value is None:
            raise NotEvaluatedError(
                f"the stack {stack} has no output {output} here, and it is not known whether your account has one"
            )
        return value

    def stored_parameter(self, name: str) -> str:
        """The value of a parameter in Parameter Store. Raises NotEvaluatedError as `export`."""
        value = ssm.stored_parameter(name)
        if value is None:
            raise NotEvaluatedError(
                f"the SSM parameter {name} is not there, and it is not known whether your account has it;"
                f" declare it with --existing ssm:{name}=VALUE"
            )
        return value

    def zones(self) -> list[str]:
        """Three zones: nearly every region has as many, and some have more."""
        return [f"{context.region()}{letter}" for letter in "abc"]
