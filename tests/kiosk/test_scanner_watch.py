"""When the header may say that there is no scanner."""

from appliance.kiosk.devices import LOOK_FOR_SECONDS, ScannerWatch


class Bench:
    """A scanner and a clock, as the test sets them."""

    def __init__(self) -> None:
        self.is_present, self.now = False, 100.0
        self.watch = ScannerWatch(lambda: self.is_present, lambda: self.now)


def test_before_anybody_looked_no_scanner_is_missing() -> None:
    bench = Bench()
    bench.now += 60
    assert bench.watch()


def test_a_scanner_is_missing_once_it_was_looked_for_in_vain() -> None:
    bench = Bench()
    bench.watch.begin()
    bench.now += LOOK_FOR_SECONDS - 0.1
    assert bench.watch()
    bench.now += 0.2
    assert not bench.watch()


def test_a_scanner_that_is_plugged_in_later_is_there_and_one_that_is_pulled_is_missing_at_once() -> None:
    bench = Bench()
    bench.watch.begin()
    bench.now += 60
    bench.is_present = True
    assert bench.watch()
    bench.is_present = False
    assert not bench.watch()
