"""A copy of the workspace in which the core is changed, and what the compiler says about it."""

import json
import shutil
import subprocess
from pathlib import Path

from mutant import Mutant
from switches import DECLARATION, SWITCH, File, marked_at

# A complaint about what a function returns instead is the same with a switch and without: the text
# stands in the same scope and must have the same type.
SAME_EITHER_WAY = {"E0061", "E0271", "E0277", "E0282", "E0283", "E0308", "E0599"}

TESTS = ["--lib", "--bins", "--test", "it", "--test", "account"]


class Copy:
    def __init__(self, repository: Path, folder: Path):
        self.repository = repository
        self.tree = folder / "tree"
        self.programs = folder / "programs"
        self.environment_target = str(folder / "build")
        self.errors: dict[int, str] = {}

    def take(self):
        """Copies every file that the repository knows, as it is now. Unchanged ones keep their times."""
        self.tree.mkdir(parents=True, exist_ok=True)
        files = subprocess.run(
            ["git", "ls-files"], cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout.splitlines()
        known = {self.tree / file for file in files}
        for old in [path for path in self.tree.rglob("*") if not path.is_dir()]:
            if old not in known:
                old.unlink()
        for file in files:
            self.restore(file)

    def restore(self, file: str):
        ours, theirs = self.repository / file, self.tree / file
        if not ours.exists():
            return
        theirs.parent.mkdir(parents=True, exist_ok=True)
        if ours.is_symlink():
            theirs.unlink(missing_ok=True)
            theirs.symlink_to(ours.readlink())
        elif not theirs.exists() or theirs.read_bytes() != ours.read_bytes():
            shutil.copy(ours, theirs)

    def cargo(self, environment: dict, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["cargo", *arguments, "--target-dir", self.environment_target],
            cwd=self.tree,
            env=environment,
            capture_output=True,
            text=True,
        )

    def plant(self, mutants: list[Mutant]):
        """Writes the core with these changes behind switches."""
        (self.tree / "switch.rs").write_text(SWITCH)
        for file in self.sources():
            source = (self.repository / file).read_bytes()
            text = File(source, [each for each in mutants if each.file == file]).switched()
            if file == "core/src/lib.rs":
                text += DECLARATION
            if (self.tree / file).read_bytes() != text:
                (self.tree / file).write_bytes(text)

    def heal(self):
        """The core as it is in the repository."""
        for file in self.sources():
            self.restore(file)

    def sources(self) -> list[str]:
        found = (self.tree / "core/src").rglob("*.rs")
        return sorted(str(source.relative_to(self.tree)) for source in found)

    def switchable(self, mutants: list[Mutant], environment: dict) -> tuple[list, list, list]:
        """What can be built behind a switch, what can't be built at all, and what must be looked at
        alone: constants, for one, are worked out before there is an environment."""
        # A field that is left out is taken from the struct's base, which stands elsewhere.
        good = [each for each in mutants if each.function and each.genre != "StructField"]
        bad, alone = [], [each for each in mutants if each not in good]
        while True:
            self.plant(good)
            run = self.cargo(environment, "check", "-p", "jellyfin-auth", "--message-format=json")
            about = self.complaints(run.stdout)
            if run.returncode == 0:
                return good, bad, alone
            for each in [each for each in good if each.number in about]:
                never = each.genre == "FnValue" and "impl " not in each.returns
                (bad if never and about[each.number] <= SAME_EITHER_WAY else alone).append(each)
            good = [each for each in good if each.number not in about]
            print(f"{len(about)} that don't compile with a switch", flush=True)

    def complaints(self, messages: str) -> dict[int, set[str]]:
        """The changes that the compiler complains of, with the codes of its errors."""
        about: dict[int, set[str]] = {}
        for line in messages.splitlines():
            message = json.loads(line).get("message")
            if not message or message["level"] != "error" or not message["spans"]:
                continue
            found = set()
            for span in sorted(message["spans"], key=lambda span: not span["is_primary"]):
                text = (self.tree / span["file_name"]).read_bytes()
                number = marked_at(text, span["byte_start"])
                if number and (span["is_primary"] or not found):
                    found.add(number)
            if not found:
                raise SystemExit(f"a complaint about no change:\n{message['rendered']}")
            for number in found:
                about.setdefault(number, set()).add((message["code"] or {}).get("code", ""))
        return about

    def plant_alone(self, mutant: Mutant):
        """Changes the source itself."""
        self.heal()
        source = (self.repository / mutant.file).read_bytes()
        (self.tree / mutant.file).write_bytes(mutant.planted(source))

    def compiles(self, environment: dict) -> bool:
        """The core alone, which takes a second."""
        return self.cargo(environment, "check", "-p", "jellyfin-auth").returncode == 0

    def build(self, environment: dict) -> dict[str, Path]:
        """Builds the test programs and puts them where a later build leaves them alone. None when they
        don't compile."""
        packages = ["-p", "jellyfin-auth", "-p", "jellyfin-auth-testkit"]
        run = self.cargo(
            environment, "test", "--locked", "--no-run", *packages, *TESTS, "--message-format=json"
        )
        if run.returncode != 0:
            return {}
        self.programs.mkdir(exist_ok=True)
        programs = {}
        for line in run.stdout.splitlines():
            artifact = json.loads(line)
            if artifact.get("executable") and artifact["profile"]["test"]:
                name = artifact["target"]["name"]
                programs[name] = self.programs / name
                shutil.copy(artifact["executable"], programs[name])
        return programs
