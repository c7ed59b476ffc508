"""A copy of the workspace in which a package is changed, and what the compiler says about it."""

import json
import shutil
import subprocess
from pathlib import Path

from mutant import Mutant
from packages import Package
from switches import ALLOWED, SWITCH, File, declaration, in_function_at, marked_at

# A complaint about what a function returns instead is the same with a switch and without: the text
# stands in the same scope and must have the same type.
SAME_EITHER_WAY = {"E0061", "E0271", "E0277", "E0282", "E0283", "E0308", "E0599"}


class Copy:
    def __init__(self, repository: Path, folder: Path, package: Package):
        self.repository = repository
        self.package = package
        self.tree = folder / "tree"
        self.programs = folder / "programs" / package.name
        self.environment_target = str(folder / "build")

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
        """Writes the package with these changes behind switches."""
        (self.tree / "switch.rs").write_text(SWITCH)
        for file in self.sources():
            source = (self.repository / file).read_bytes()
            text = File(source, [each for each in mutants if each.file == file]).switched()
            if file == f"{self.package.folder}/src/lib.rs":
                text = ALLOWED + text + declaration(self.package.folder)
            if (self.tree / file).read_bytes() != text:
                (self.tree / file).write_bytes(text)

    def heal(self):
        """The package as it is in the repository."""
        for file in self.sources():
            self.restore(file)

    def sources(self) -> list[str]:
        found = (self.tree / self.package.folder / "src").rglob("*.rs")
        return sorted(str(source.relative_to(self.tree)) for source in found)

    def switchable(self, mutants: list[Mutant], environment: dict) -> tuple[list, list, list]:
        """What can be built behind a switch, what can't be built at all, and what must be looked at
        alone: constants, for one, are worked out before there is an environment."""
        # A field that is left out is taken from the struct's base, which stands elsewhere. Two values in
        # one function must be of one type.
        good = [
            each
            for each in mutants
            if each.function and each.genre != "StructField" and "impl " not in each.returns
        ]
        bad, alone = [], [each for each in mutants if each not in good]
        while True:
            self.plant(good)
            run = self.check(environment, "--message-format=json")
            about = self.complaints(run.stdout)
            if run.returncode == 0:
                return good, bad, alone
            for each in [each for each in good if each.number in about]:
                (bad if each.genre == "FnValue" and about[each.number] <= SAME_EITHER_WAY else alone).append(each)
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
            # Some are in the standard library.
            spans = [each for each in message["spans"] if (self.tree / each["file_name"]).exists()]
            spans.sort(key=lambda span: not span["is_primary"])
            for span in spans:
                text = (self.tree / span["file_name"]).read_bytes()
                number = marked_at(text, span["byte_start"])
                if number and (span["is_primary"] or not found):
                    found.add(number)
            if not found and spans:
                # Such as the type that all branches of a function have in common.
                text = (self.tree / spans[0]["file_name"]).read_bytes()
                found = in_function_at(text, spans[0]["byte_start"])
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
        """The package alone, which takes a second."""
        return self.check(environment).returncode == 0

    def check(self, environment: dict, *arguments: str) -> subprocess.CompletedProcess:
        features = [each for each in self.package.builds[0] if each == "--all-features"]
        return self.cargo(environment, "check", "-p", self.package.cargo, *features, *arguments)

    def build(self, environment: dict) -> dict[tuple[str, str], Path]:
        """Builds the test programs and puts them where a later build leaves them alone: each by its
        package's folder and its name. None when they don't compile."""
        self.programs.mkdir(parents=True, exist_ok=True)
        programs = {}
        for options in self.package.builds:
            run = self.cargo(
                environment, "test", "--locked", "--no-run", *options, "--message-format=json"
            )
            if run.returncode != 0:
                return {}
            for line in run.stdout.splitlines():
                artifact = json.loads(line)
                if artifact.get("executable") and artifact["profile"]["test"]:
                    manifest = Path(artifact["manifest_path"]).resolve()
                    folder = str(manifest.parent.relative_to(self.tree.resolve()))
                    name = artifact["target"]["name"]
                    program = self.programs / f"{folder.replace('/', '-')}-{name}"
                    shutil.copy(artifact["executable"], program)
                    programs[folder, name] = program
        return programs
