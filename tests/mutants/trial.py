"""Runs the tests with one change, the quick ones first, until one of them fails."""

import resource
import subprocess
import threading
import time
from pathlib import Path

from packages import Package

# A stage takes some seconds; with a change that never ends it would take forever, or all memory.
LONGEST_STAGE = 180
MOST_MEMORY = 8 << 30


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def watched(command: list[str], folder: Path, environment: dict) -> tuple[str, str]:
    """`("caught", test)`, `("timeout", "")` or `("missed", "")`."""
    program = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
        preexec_fn=limit,
    )
    late = threading.Event()

    def end():
        late.set()
        program.kill()

    timer = threading.Timer(LONGEST_STAGE, end)
    timer.start()
    by = ""
    for line in program.stdout:
        if line.startswith("test ") and line.rstrip().endswith("FAILED"):
            by = line.split()[1]
            program.kill()
            break
    program.stdout.close()
    code = program.wait()
    timer.cancel()
    if by:
        return "caught", by
    if late.is_set():
        return "timeout", ""
    return ("missed", "") if code == 0 else ("caught", f"the end of the program ({code})")


def tried(
    package: Package, programs: dict[tuple[str, str], Path], tree: Path, environment: dict
) -> dict:
    """What the tests say about the change that `environment` switches on."""
    begin = time.monotonic()
    outcome, by = "missed", ""
    for folder, name, arguments in package.stages:
        program = str(programs[folder, name])

        def run(*options: str) -> tuple[str, str]:
            return watched([program, *options], tree / folder, environment)

        # Those that wait on sockets take no core.
        threads = 8 if package.waits or name == "account" else 2
        outcome, by = run(f"--test-threads={threads}", *arguments)
        if package.waits and outcome == "caught" and " " not in by:
            outcome, by = run("--exact", by)
        if outcome != "missed":
            break
    return {"outcome": outcome, "by": by, "seconds": round(time.monotonic() - begin, 1)}
