"""How a client's run is reported to the program that started it."""

import os
import sys

URL, FLOW = sys.argv[1], sys.argv[2]
USER, PASSWORD = os.environ["FOREIGN_USER"], os.environ["FOREIGN_PASSWORD"]


def say(line):
    print(line, flush=True)


def ended(run):
    try:
        say(f"signed in {run()}")
    except Exception as error:  # whatever a foreign client raises is its outcome
        status = getattr(error, "status", None) or getattr(error, "status_code", None)
        say(f"failed {status or error}")
