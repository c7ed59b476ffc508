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

    @property
    def jobs(self) -> int:
        return 6 if self.waits else 2


def driver(name: str, cargo: str, features: list[str], own: list[str], shared: list) -> Package:
    """A driver: its own tests and the conformance suite, then those that all drivers have in common."""
    folder = f"adapters/{name}"
    builds = [["-p", cargo, *features, "--lib", *[part for each in own for part in ("--test", each)]]]
    if shared:
        programs = [part for each, _ in shared for part in ("--test", each)]
        builds.append(["-p", TESTKIT, *programs])
    stages = [(folder, each, []) for each in (*own, cargo.replace("-", "_"))]
    stages += [("tests", each, arguments) for each, arguments in shared]
    return Package(name, folder, cargo, builds, stages, waits=True)


BOTH_DRIVERS = [("connections", []), ("certificates", []), ("account", [])]

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
    Package(
        name="transport",
        folder="adapters/transport",
        cargo="jellyfin-auth-transport",
        builds=[["-p", "jellyfin-auth-transport", "--all-features", "--lib", "--tests"]],
        stages=[
            ("adapters/transport", each, [])
            for each in (
                *("jellyfin_auth_transport", "options", "errors", "environment", "progress"),
                *("control", "tunnel", "tls"),
            )
        ],
        late={("-p", "jellyfin-auth-transport", "--all-features", "--doc"): "caught"},
        waits=True,
    ),
    driver("ureq", "jellyfin-auth-ureq", [], ["it", "conformance"], BOTH_DRIVERS),
    driver("async-std", "jellyfin-auth-async-std", [], ["it", "conformance"], BOTH_DRIVERS),
    driver("reqwest", "jellyfin-auth-reqwest", [], ["it", "conformance"], []),
]
