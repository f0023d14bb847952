"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# On a machine that others use too an example may take any time; by default more than 0.2 s is a failure.
settings.register_profile("npyparity", deadline=None)
settings.load_profile("npyparity")
