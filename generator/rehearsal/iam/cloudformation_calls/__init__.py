"""What CloudFormation calls under a stack's role, type by type: written from AWS's documentation alone.

Neither the generator's permissions nor the registry's handler lists were read for it: two lists that know nothing of
each other check each other. One file a service; `listed` finds the list of a type.
"""
