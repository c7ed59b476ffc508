"""What can be changed: the packages, each with the tests that should notice."""

from dataclasses import dataclass, field

CORE = "jellyfin-auth"
TESTKIT = "jellyfin-auth-testkit"
# The tests that take long come late: seconds each.
SLOW = (
    "authorization_header::the_whole_header",
    "gateways::no_recorded_answer",
    "hostile_answers::hostile_answers",
    "lan::collecting::a_host_that_floods",
    "recorded_answers::",
    "replay::",
    "secrets::errors::no_error",
    "session_record::every_session",
)
WORLDS = ("parity::", "properties::", "simulation::")


@dataclass(frozen=True)
class Package:
    name: str
    folder: str
    cargo: str
    # What is built: options of `cargo test`, one list for each build.
    builds: list[list[str]]
    # What is run, in this order: the folder of a test program, its name, its arguments.
    stages: list[tuple[str, str, list[str]]]
    # What takes a build of its own, for what nothing else noticed, with the outcome that it stands for.
    late: dict[tuple[str, ...], str] = field(default_factory=dict)
    # Tests that wait on sockets: several changes are tried at a time, and a test that fails is run once
    # more alone before it counts, since it may have failed under the load.
    waits: bool = False
    # Files that this build leaves out.
    left_out: tuple[str, ...] = ()

    @property
    def jobs(self) -> int:
        return 6 if self.waits else 2


# What the drivers have in common: ureq's and async-std's.
BOTH_DRIVERS = ["certificates", "account", "wiped"]


def with_tests_of_both(
    name: str,
    cargo: str,
    features: list[str],
    own: list[str],
    both: list[str],
    left_out: tuple[str, ...] = (),
) -> Package:
    """An adapter: its own tests, then those that go through the drivers."""
    folder = f"adapters/{name}"
    builds = [["-p", cargo, *features, "--lib", *[part for each in own for part in ("--test", each)]]]
    if both:
        builds.append(["-p", TESTKIT, *[part for each in both for part in ("--test", each)]])
    stages = [(folder, each, []) for each in (cargo.replace("-", "_"), *own)]
    stages += [("tests", each, []) for each in both]
    late = {("-p", cargo, *features, "--doc"): "caught"}
    left_out = tuple(f"{folder}/src/{each}" for each in left_out)
    return Package(name, folder, cargo, builds, stages, late, waits=True, left_out=left_out)


PACKAGES = [
    Package(
        name="core",
        folder="core",
        cargo=CORE,
        builds=[["-p", CORE, "-p", TESTKIT, "--lib", "--bins", "--test", "it", "--test", "account"]],
        stages=[
            ("tests", "it", [part for each in (*SLOW, *WORLDS) for part in ("--skip", each)]),
            ("core", "jellyfin_auth", []),
            ("tests", "it", [*SLOW, "simulation::"]),
            ("tests", "it", ["properties::", "parity::"]),
            ("tests", "jellyfin_auth_testkit", []),
            ("tests", "account", []),
        ],
        # The tests of what is left in memory belong to a package of their own and can be distinguished.
        late={
            ("-p", CORE, "--doc"): "caught",
            ("-p", "jellyfin-auth-memory"): "memory",
        },
    ),
    with_tests_of_both(
        "transport",
        "jellyfin-auth-transport",
        ["--all-features"],
        ["options", "errors", "environment", "progress", "control", "tunnel", "tls"],
        [*BOTH_DRIVERS, "observability"],
        ("spans/disabled.rs",),
    ),
    with_tests_of_both("ureq", "jellyfin-auth-ureq", [], ["it", "conformance"], BOTH_DRIVERS),
    with_tests_of_both(
        "async-std",
        "jellyfin-auth-async-std",
        [],
        ["it", "conformance"],
        BOTH_DRIVERS,
        ("runtime/smol.rs",),
    ),
    with_tests_of_both("reqwest", "jellyfin-auth-reqwest", [], ["conformance"], []),
]
