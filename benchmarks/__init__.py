"""Measured by hand: ``python -m benchmarks start|demo``. No test gates on a figure."""
