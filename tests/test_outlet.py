"""Logs behind a queue."""

import subprocess
import sys
import threading
from http.client import HTTPConnection

from fauxreel.outlet import Outlet


def test_texts_are_written_in_their_order():
    written = []
    outlet = Outlet(written.append)
    for number in range(5):
        outlet.write(f"{number}\n")
    outlet.close()
    assert written == ["0\n", "1\n", "2\n", "3\n", "4\n"]


def test_a_reader_that_does_not_read_costs_lines_and_not_time():
    reading = threading.Event()
    written = []

    def write(text):
        reading.wait(10)
        written.append(text)

    outlet = Outlet(write)
    for number in range(2100):
        outlet.write(f"{number}\n")
    dropped = outlet.dropped
    reading.set()
    outlet.close()
    # The thread may hold one text already, or not yet.
    assert dropped in (99, 100)
    assert len(written) == 2100 - dropped + 1
    assert written[-1] == f"{dropped} parts of the log were not read in time\n"


def test_a_reader_that_has_gone_is_no_trouble():
    def write(text):
        raise BrokenPipeError

    outlet = Outlet(write)
    outlet.write("x")
    outlet.close()
    outlet.write("y")


def test_serve_answers_on_when_nobody_reads_its_standard_error():
    process = subprocess.Popen(
        [sys.executable, "-m", "fauxreel", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    connection = HTTPConnection(process.stdout.readline().split("//")[1].strip(), timeout=10)
    path = "/v1/" + "x" * 200
    for _ in range(1000):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 0
