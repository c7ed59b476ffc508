"""jellyfin-apiclient-python: python apiclient.py URL password|quick-connect"""

import logging
import time

from jellyfin_apiclient_python import JellyfinClient

from outcome import FLOW, PASSWORD, URL, USER, ended, say

STATUSES = []


class Statuses(logging.Handler):
    """This client writes the status of a failure to its log alone."""

    def emit(self, record):
        STATUSES.extend(word for word in record.getMessage().split() if word.isdigit())


logging.getLogger().addHandler(Statuses(logging.ERROR))


def run():
    client = JellyfinClient(allow_multiple_clients=True)
    client.config.app("Foreign, client", "1.0", "Living room, left", f"apiclient-python-{FLOW}")
    client.config.data["auth.ssl"] = True
    client.auth.connect_to_address(URL)
    if FLOW == "password":
        result = client.auth.login(URL, USER, PASSWORD)
    else:
        api = client.auth.API
        assert api.quick_connect_enabled(URL), "Quick Connect is off"
        pending = api.quick_connect_initiate(URL)
        if not pending:
            raise RuntimeError(" ".join(STATUSES[-1:]) or "no code")
        say(f"code {pending['Code']}")
        while not api.quick_connect_state(URL, pending["Secret"]).get("Authenticated"):
            time.sleep(0.2)
        result = client.auth.login_with_quick_connect(URL, pending["Secret"])
    if not result:
        raise RuntimeError(" ".join(STATUSES[-1:]) or "no result")
    client.config.auth(URL, result["User"]["Id"], result["AccessToken"], True)
    client.logged_in = True
    client.start(keep_alive=False)
    return client.jellyfin.get_user()["Id"]


ended(run)
