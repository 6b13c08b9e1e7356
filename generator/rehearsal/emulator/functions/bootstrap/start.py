# ruff: noqa: INP001 - a program for a function's own interpreter, not a module of this package
"""Starts a Python function: the module path Lambda gives it, AWS's names led to the emulator, AWS's own loop.

`python -S start.py RUNTIME TASK [LAYER...]`; without site packages nothing of the machine's is importable.
"""

import os
import sys

RUNTIME, TASK, *LAYERS = sys.argv[1:]
sys.path[0:1] = []
standard = [path for path in sys.path if path]
layered = [f"{layer}/python" for layer in LAYERS]
sys.path[:] = [TASK, *layered, *standard, RUNTIME]
sys.argv[:] = ["bootstrap", ""]

# Without `site`, Python does not import it by itself.
__import__("sitecustomize")

from awslambdaric import bootstrap  # noqa: E402 - only now is it to be found
from awslambdaric.lambda_config import LambdaConfigProvider  # noqa: E402 - as above
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient  # noqa: E402 - as above

config = LambdaConfigProvider(["bootstrap", os.environ["_HANDLER"]])
bootstrap.run(config.handler, LambdaRuntimeClient(config.api_address, use_thread_for_polling_next=False))
