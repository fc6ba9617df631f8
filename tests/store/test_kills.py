"""A server under load that is killed at any moment, again and again: nothing that a client was
told of is lost, no id appears twice, and time does not go back."""

import random
import signal
import subprocess

import pytest

from killing import Load, Said, Server, verify

# For the files that many rounds upload.
MOST_SECONDS_OF_A_START = 1.5


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(30, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.nightly)],
)
def test_a_killed_server_loses_nothing_that_it_told(tmp_path, rounds):
    path, said, draw = tmp_path / "store.db", Said(), random.Random(20261120)
    for number in range(rounds):
        if number % 5 == 4:
            kill_at_the_start(Server(path), draw)
        server = Server(path).ready()
        try:
            verify(server, said)
            kill = server.process.kill
            if number % 5 == 3:  # at its end, which SIGTERM began

                def kill(server=server):
                    server.process.send_signal(signal.SIGTERM)
                    server.process.kill()

            Load(server, said, draw, kill).run()
        finally:
            server.end()
    server = Server(path).ready()
    verify(server, said)
    status, errors = server.end(signal.SIGTERM)
    print(f"{len(said.prompts)} jobs, {len(said.files)} files, {len(said.rules)} rules")
    assert (status, errors) == (0, "")
    assert [one.name for one in tmp_path.iterdir()] == ["store.db"]


def kill_at_the_start(server, draw):
    """Kills it somewhere between its first instruction and its ready line, or after."""
    try:
        server.process.wait(draw.uniform(0, MOST_SECONDS_OF_A_START))
    except subprocess.TimeoutExpired:
        server.end()
    else:
        pytest.fail(f"it ended by itself: {server.process.communicate()}")
