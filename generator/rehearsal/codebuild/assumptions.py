"""What is taken for granted where AWS does not say how CodeBuild behaves; it can be turned round."""

from __future__ import annotations

from generator.rehearsal.codepipeline.assumptions import Assumption

CONTINUED_PHASE = Assumption("continued-phase", "a phase with on-failure: CONTINUE that failed does not fail the build")
ASSUMPTIONS = (CONTINUED_PHASE,)
