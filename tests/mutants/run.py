"""Tries every change of the core that cargo-mutants knows, all of them in one build.

`.ci/mutants --one-build` runs it, and says how many random worlds the tests try. Options that aren't
known here go to `cargo mutants --list`: `--file core/src/engine.rs`, for one.
"""

import argparse
import json
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builds import Copy
from mutant import Mutant, listed
from trial import tried

REPOSITORY = Path(__file__).resolve().parents[2]
# What a random test finds is not kept for the next change.
ENVIRONMENT = {
    "PROPTEST_DISABLE_FAILURE_PERSISTENCE": "1",
    "PROPTEST_MAX_SHRINK_ITERS": "0",
}
# The examples of the documentation, and the tests of what is left in memory. Those belong to a package
# of their own and can be distinguished.
LATE = {
    ("jellyfin-auth", "--doc"): "caught",
    ("jellyfin-auth-memory",): "memory",
}
SETTLED = ("caught", "timeout", "memory", "unviable")


class Outcomes:
    """One JSON object a line, written as they come."""

    def __init__(self, path: Path, anew: bool):
        self.path = path
        if anew:
            path.unlink(missing_ok=True)
        self.known = {}
        for line in path.read_text().splitlines() if path.exists() else []:
            each = json.loads(line)
            self.known[each["key"]] = each

    def record(self, mutant: Mutant, **outcome):
        each = {"key": mutant.key, "name": mutant.name, **outcome}
        self.known[mutant.key] = each
        with self.path.open("a") as file:
            file.write(json.dumps(each) + "\n")
        if outcome["outcome"] != "unviable":
            print(f"{outcome['outcome']:8} {mutant.name}", flush=True)

    def of(self, mutant: Mutant) -> str:
        return self.known.get(mutant.key, {}).get("outcome", "")


class Run:
    def __init__(self, folder: Path, iterate: bool, filters: list[str]):
        self.copy = Copy(REPOSITORY, folder)
        self.copy.take()
        self.outcomes = Outcomes(folder / "outcomes.jsonl", anew=not iterate)
        self.environment = {**os.environ, **ENVIRONMENT}
        self.mutants = listed(self.copy.tree, filters)

    def switched(self, mutant: Mutant) -> dict:
        return {**self.environment, "MUTANT": str(mutant.number)}

    def try_all(self, jobs: int):
        wanted = [each for each in self.mutants if self.outcomes.of(each) not in SETTLED]
        print(f"{len(self.mutants)} changes, {len(wanted)} to try", flush=True)
        good, bad, alone = self.copy.switchable(wanted, self.environment)
        for each in bad:
            self.outcomes.record(each, outcome="unviable")
        self.try_together(good, jobs)
        for each in alone:
            self.try_alone(each)
        self.try_late([each for each in good if self.outcomes.of(each) == "missed"], alone)
        self.copy.heal()

    def try_together(self, mutants: list[Mutant], jobs: int):
        programs = self.copy.build(self.environment)
        if not programs:
            raise SystemExit("the tests don't compile")
        # The programs are built: what the tests read of the sources is as it should be.
        self.copy.heal()
        baseline = tried(programs, self.copy.tree, self.environment)
        if baseline["outcome"] != "missed":
            raise SystemExit(f"the tests fail without any change: {baseline}")
        print(f"{len(mutants)} in one build; without one all passes, in {baseline['seconds']} s")

        def attempt(mutant: Mutant):
            result = tried(programs, self.copy.tree, self.switched(mutant))
            self.outcomes.record(mutant, **result)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(attempt, mutants))

    def try_alone(self, mutant: Mutant):
        self.copy.plant_alone(mutant)
        compiles = self.copy.compiles(self.environment)
        programs = self.copy.build(self.environment) if compiles else {}
        if programs:
            result = tried(programs, self.copy.tree, self.environment)
            self.outcomes.record(mutant, **result)
        else:
            self.outcomes.record(mutant, outcome="unviable")

    def try_late(self, together: list[Mutant], alone: list[Mutant]):
        """What takes a build of its own, for what nothing else noticed."""
        for each in [each for each in together + alone if self.outcomes.of(each) == "missed"]:
            if each in alone:
                self.copy.plant_alone(each)
            else:
                self.copy.plant(together)
            for package, outcome in LATE.items():
                run = self.copy.cargo(self.switched(each), "test", "-p", *package)
                if run.returncode != 0:
                    self.outcomes.record(each, outcome=outcome, by=" ".join(package))
                    break

    def report(self):
        count = {
            outcome: sum(self.outcomes.of(each) == outcome for each in self.mutants)
            for outcome in (*SETTLED, "missed")
        }
        viable = len(self.mutants) - count["unviable"]
        noticed = count["caught"] + count["timeout"]
        print(f"\n{len(self.mutants)} changes, {viable} that compile: {count}")
        print(f"{100 * noticed / max(viable, 1):.1f} % noticed")
        for each in self.mutants:
            if self.outcomes.of(each) in ("memory", "missed"):
                print(f"{self.outcomes.of(each):8} {each.name}")


def main():
    parser = argparse.ArgumentParser(prog=".ci/mutants --one-build", description=__doc__)
    parser.add_argument("--iterate", action="store_true", help="try only what wasn't caught before")
    parser.add_argument("--jobs", type=int, default=2, help="changes that are tried at a time")
    options, filters = parser.parse_known_args()
    begin = time.monotonic()
    run = Run(REPOSITORY / "target/mutants-one-build", options.iterate, filters)
    run.try_all(options.jobs)
    run.report()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall, cpu = time.monotonic() - begin, used.ru_utime + used.ru_stime
    print(f"in {wall / 60:.0f} minutes, {cpu / 60:.0f} minutes of one core")


main()
