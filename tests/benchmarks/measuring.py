"""Processes, measured: interleaved, repeated, the best of each kept, for machines that others use too."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["Cost", "alternately", "table"]


class Cost(NamedTuple):
    """What a process took."""

    seconds: float
    cpu: float
    megabytes: float
    """Peak of its own memory."""
    output: str


def alternately(commands: Mapping[str, Sequence[str]], env: Mapping[str, str], rounds: int) -> dict[str, Cost]:
    """Run commands in turn, several times, and return the least each took.

    Raises
    ------
    RuntimeError
        If one fails.
    """
    best: dict[str, Cost] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            cost = _run(command, env)
            known = best.get(name, cost)
            best[name] = Cost(*map(min, known[:3], cost[:3]), cost.output)
    return best


def _run(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n{title}\n")
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(row) + " |")
