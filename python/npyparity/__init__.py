"""NumPy's side of npyparity: the reference, the case table and the emitter of fixture directories."""

__version__ = "0.1.0"
