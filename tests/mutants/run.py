"""Tries every change of a package that cargo-mutants knows, every deleted statement, and those that were
written by hand (`planted/*.txt`), all of a package's in one build.

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
from packages import PACKAGES, Package
from trial import tried

REPOSITORY = Path(__file__).resolve().parents[2]
# What a random test finds is not kept for the next change.
ENVIRONMENT = {
    "PROPTEST_DISABLE_FAILURE_PERSISTENCE": "1",
    "PROPTEST_MAX_SHRINK_ITERS": "0",
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
    def __init__(self, package: Package, folder: Path, options: argparse.Namespace, filters: list):
        self.package = package
        self.copy = Copy(REPOSITORY, folder, package)
        self.copy.take()
        outcomes = folder / f"outcomes-{package.name}.jsonl"
        self.outcomes = Outcomes(outcomes, anew=not options.iterate)
        self.environment = {**os.environ, **ENVIRONMENT}
        self.mutants = listed(self.copy.tree, package, filters, options.planted)

    def switched(self, mutant: Mutant) -> dict:
        return {**self.environment, "MUTANT": str(mutant.number)}

    def try_all(self, jobs: int):
        wanted = [each for each in self.mutants if self.outcomes.of(each) not in SETTLED]
        print(f"{self.package.name}: {len(self.mutants)} changes, {len(wanted)} to try", flush=True)
        good, bad, alone = self.copy.switchable(wanted, self.environment)
        for each in bad:
            self.outcomes.record(each, outcome="unviable")
        if good:
            self.try_together(good, jobs or self.package.jobs)
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
        baseline = self.tried(programs, self.environment)
        if baseline["outcome"] != "missed":
            raise SystemExit(f"the tests fail without any change: {baseline}")
        passes = f"without one all passes, in {baseline['seconds']} s"
        print(f"{len(mutants)} in one build; {passes}", flush=True)

        def attempt(mutant: Mutant):
            result = self.tried(programs, self.switched(mutant))
            self.outcomes.record(mutant, **result)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(attempt, mutants))

    def tried(self, programs: dict, environment: dict) -> dict:
        return tried(self.package, programs, self.copy.tree, environment)

    def try_alone(self, mutant: Mutant):
        self.copy.plant_alone(mutant)
        compiles = self.copy.compiles(self.environment)
        programs = self.copy.build(self.environment) if compiles else {}
        if programs:
            result = self.tried(programs, self.environment)
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
            for tests, outcome in self.package.late.items():
                run = self.copy.cargo(self.switched(each), "test", *tests)
                if run.returncode != 0:
                    self.outcomes.record(each, outcome=outcome, by=" ".join(tests))
                    break

    def report(self):
        count = {
            outcome: sum(self.outcomes.of(each) == outcome for each in self.mutants)
            for outcome in (*SETTLED, "missed")
        }
        viable = len(self.mutants) - count["unviable"]
        noticed = count["caught"] + count["timeout"]
        print(f"\n{self.package.name}: {len(self.mutants)} changes, {viable} that compile: {count}")
        print(f"{100 * noticed / max(viable, 1):.1f} % noticed")
        for each in self.mutants:
            if self.outcomes.of(each) in ("memory", "missed"):
                print(f"{self.outcomes.of(each):8} {each.name}")


def main():
    parser = argparse.ArgumentParser(prog=".ci/mutants --one-build", description=__doc__)
    names = [each.name for each in PACKAGES]
    parser.add_argument("--package", choices=names, action="append", help="all of them if not given")
    parser.add_argument("--planted", action="store_true", help="only those of planted/*.txt")
    parser.add_argument("--iterate", action="store_true", help="try only what wasn't caught before")
    parser.add_argument("--jobs", type=int, help="changes that are tried at a time")
    options, filters = parser.parse_known_args()
    for package in [each for each in PACKAGES if each.name in (options.package or names)]:
        begin, before = time.monotonic(), one_core()
        run = Run(package, REPOSITORY / "target/mutants-one-build", options, filters)
        run.try_all(options.jobs)
        run.report()
        wall, cpu = time.monotonic() - begin, one_core() - before
        print(f"in {wall / 60:.0f} minutes, {cpu / 60:.0f} minutes of one core", flush=True)


def one_core() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


main()
