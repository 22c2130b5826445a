"""Benchmarks: `python -m tests.benchmarks` (or `make bench`) prints ratios; no test runs them."""
