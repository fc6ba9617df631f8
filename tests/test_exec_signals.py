"""`fauxreel exec`: streams, signals and terminals, and that nothing stays behind."""

import os
import signal
import subprocess
import sys

import pytest

from exec_children import ASK, EXEC, python

pytestmark = pytest.mark.slow


@pytest.fixture
def start():
    """Starts the command as a process of its own, and ends it if the test does not."""
    processes = []

    def start(*arguments, **environment):
        process = subprocess.Popen(
            [*EXEC, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        # Not by `communicate`: what a failed test left behind may hold the pipes.
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


def test_it_reads_what_we_are_given_and_standard_output_is_its_own(start):
    process = start("--", "cat")
    out, err = process.communicate("one\ntwo\n", timeout=20)

    assert (process.returncode, out, err) == (0, "one\ntwo\n", "")


ON_A_SIGNAL = (
    ASK
    + """
import signal
def end(number, frame):
    print(number, ask("/videos"), flush=True)
    sys.exit(9)
for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(one, end)
print("waiting", flush=True)
while True:
    signal.pause()
"""
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_goes_to_the_command_and_the_emulator_outlives_it(start, number):
    process = start(*python(ON_A_SIGNAL))
    waiting = process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)

    assert (waiting, out) == ("waiting\n", f"{number} 200\n")
    assert (process.returncode, err) == (9, "")


def test_a_command_that_a_signal_ends_gives_its_status(start):
    process = start("--", "sh", "-c", "echo waiting; exec sleep 1000")
    process.stdout.readline()
    process.terminate()
    out, err = process.communicate(timeout=20)

    assert (process.returncode, out, err) == (143, "", "")


# Whatever is left behind holds the pipe of standard output, so that its end is the proof.


def test_a_signal_reaches_what_the_command_started(start):
    process = start("--", "sh", "-c", "sleep 1000 & echo waiting; wait; echo not reached")
    process.stdout.readline()
    process.terminate()
    out, _ = process.communicate(timeout=20)

    assert (process.returncode, out) == (143, "")


@pytest.mark.parametrize(
    "left", ["sleep 1000", "(trap '' TERM; echo deaf; while :; do sleep 1000; done)"]
)
def test_nothing_that_the_command_started_is_left_behind(start, left):
    process = start("--", "sh", "-c", f"{left} & sleep 0; exit 4")
    out, _ = process.communicate(timeout=20)

    assert process.returncode == 4
    assert out in ("", "deaf\n")


def test_a_signal_that_is_ignored_stays_ignored():
    code = "import signal; print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    done = subprocess.run(
        ("sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *EXEC, *python(code)),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


AT_A_TERMINAL = """
import os, signal
seen = []
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, lambda number, frame: seen.append(number))
print("waiting for", os.getppid(), flush=True)
while len(seen) < 2:
    signal.pause()
print(input(), *sorted(seen), flush=True)
"""
IN_A_TERMINAL = "import pty, sys; pty.spawn(sys.argv[1:])"


def test_at_a_terminal_the_command_reads_it_and_gets_ctrl_c_once():
    with subprocess.Popen(
        (sys.executable, "-c", IN_A_TERMINAL, *EXEC, *python(AT_A_TERMINAL)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        ours = int(process.stdout.readline().rpartition(b" ")[2])
        process.stdin.write(b"\x03")
        process.stdin.flush()
        os.kill(ours, signal.SIGTERM)
        process.stdin.write(b"go on\n")
        process.stdin.flush()
        shown = process.stdout.read()

    assert shown.replace(b"^C", b"") == b"go on\r\ngo on 2 15\r\n"


def test_a_terminal_that_is_somebody_elses_is_not_shared():
    ours, theirs = os.openpty()
    done = subprocess.run(
        (*EXEC, "--", "sh", "-c", "test -t 0 && exit 4"),
        stdin=theirs,
        start_new_session=True,
        check=False,
        timeout=20,
    )
    os.close(ours)
    os.close(theirs)

    assert done.returncode == 4
