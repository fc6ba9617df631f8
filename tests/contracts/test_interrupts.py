"""Ctrl-C and SIGTERM at the worst moment: a video was made, and its id is still on its way."""

import signal
import threading

import pytest

from altered import QUICK, clause
from fauxreel import Emulator
from fauxreel_contracts.clause import Cost
from fauxreel_contracts.interrupts import put_off
from fauxreel_contracts.run import Run, follow
from fauxreel_contracts.target import Options, resolve
from fauxreel_contracts.wire import Wire


class Struck(Wire):
    """Signals come while the answer to a POST is awaited: one, or two."""

    strikes = 1

    def send(self, request):
        answer = super().send(request)
        if request.method == "POST":
            for _ in range(self.strikes):
                signal.raise_signal(signal.SIGINT)
        return answer


def interrupted_run(emulator, strikes):
    target = resolve("it", Options(url=emulator.base_url), {})
    making = clause("making", cost=Cost(1, 4), check=lambda session: session.create())
    whole = Run(target, [making])
    wire = whole.session.wire
    whole.session.wire = Struck(wire.base_url, wire.secret, wire.timeout, wire.clock, wire.pace)
    whole.session.wire.strikes = strikes
    return follow(whole, lambda result: None)


def test_a_video_whose_answer_is_on_its_way_is_waited_for_and_deleted():
    with Emulator(**QUICK) as emulator:
        report = interrupted_run(emulator, strikes=1)

        assert emulator.videos == []
    assert (report.interrupted, report.videos, report.unknown) == (True, 1, ())


def test_a_second_ctrl_c_comes_at_once_and_the_report_says_what_may_be_left():
    with Emulator(**QUICK) as emulator:
        report = interrupted_run(emulator, strikes=2)

        assert len(emulator.videos) == 1
    assert (report.interrupted, report.videos, report.unknown) == (True, 0, ("POST /videos",))


def test_a_signal_that_is_put_off_comes_even_after_an_error():
    def broken():
        with put_off():
            signal.raise_signal(signal.SIGINT)
            raise OSError

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_and_handlers_are_left_alone():
    seen = []

    def look():
        with put_off():
            seen.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGTERM)
    with put_off():
        assert signal.getsignal(signal.SIGTERM) is before
    other = threading.Thread(target=look)
    other.start()
    other.join()

    assert seen == [signal.default_int_handler]
