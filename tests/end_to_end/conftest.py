"""What the end-to-end test needs: the wheel, installed outside the checkout."""

from __future__ import annotations

from tests.wheel.test_wheel import built, installed, wheel

__all__ = ["built", "installed", "wheel"]
