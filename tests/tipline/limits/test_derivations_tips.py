"""Tips go before log-ins, first ones before further ones, and circuits take turns."""

import threading

from tests.tipline.limits.visitors import ONE, TWO, UNKNOWN, visitors
from tipline.limits.kdf_queue import KdfQueue
from tipline.requests.circuit import Circuit


def test_a_tip_is_served_before_the_log_ins_that_stand_in_line() -> None:
    derivations = KdfQueue()
    served = threading.Event()

    def tip() -> None:
        with derivations.for_tip(ONE):
            served.set()

    with visitors(derivations, ONE, TWO, Circuit("three"), Circuit("four")) as came:
        waiting_tip = threading.Thread(target=tip)
        waiting_tip.start()
        while not len(derivations._first_tips):
            served.wait(0.001)
        came[0].end()
        served.wait()
        waiting_tip.join()


def test_tips_of_circuits_take_turns_however_many_stand_in_line_on_one() -> None:
    derivations = KdfQueue()
    served: list[Circuit] = []

    def tip(circuit: Circuit) -> None:
        with derivations.for_tip(circuit):
            served.append(circuit)

    waiting_tips = [threading.Thread(target=tip, args=(circuit,)) for circuit in (ONE, ONE, ONE, TWO)]
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(waiting_tips, start=1):
            thread.start()
            while len(derivations._first_tips) < number:
                thread.join(0.001)
    for thread in waiting_tips:
        thread.join()
    assert served == [ONE, TWO, ONE, ONE]


def test_first_tips_of_circuits_go_before_further_ones() -> None:
    derivations = KdfQueue()
    served: list[Circuit] = []

    def tip(circuit: Circuit, *, is_first: bool) -> None:
        with derivations.for_tip(circuit, is_first=is_first):
            served.append(circuit)

    threads = [
        threading.Thread(target=tip, args=(circuit,), kwargs={"is_first": circuit is TWO})
        for circuit in (ONE, ONE, TWO)
    ]
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while len(derivations._first_tips) + len(derivations._tips) < number:
                thread.join(0.001)
    for thread in threads:
        thread.join()
    assert served == [TWO, ONE, ONE]


def test_further_tips_and_a_pool_that_is_low_take_turns() -> None:
    derivations = KdfQueue()
    served: list[str] = []
    over = threading.Event()

    def pool() -> None:
        while not over.is_set():
            with derivations.for_pool(low=True, wait_seconds=60) as granted:
                if granted:
                    served.append("pool")

    def tip() -> None:
        with derivations.for_tip(ONE, is_first=False):
            served.append("tip")
            while not derivations._pool_waits:  # its thread may need a moment to stand in line again
                over.wait(0.001)

    tips = [threading.Thread(target=tip) for _ in range(20)]
    filling = threading.Thread(target=pool)
    with derivations.for_tip(UNKNOWN):
        for number, thread in enumerate(tips, start=1):
            thread.start()
            while len(derivations._tips) < number:
                thread.join(0.001)
        filling.start()
        while not derivations._pool_waits:
            filling.join(0.001)
    for thread in tips:
        thread.join()
    over.set()
    filling.join()
    while_both_wait = served[: len(served) - served[::-1].index("tip")]
    assert while_both_wait == ["pool", "tip"] * 20
