"""Two relays, a server and two duty machines, all in memory."""

from crypto.beacon.rotating_id import Meaning
from duty.service import DutyService
from relay.relay import Relay
from tests.duty.duty_place import MemoryServer, Office
from tests.relay.place_of_tests import SetClock, frame


class Room:
    """Two relays, a server, and two machines that fetch when they are told to."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.clock = SetClock()
        self.server = MemoryServer()
        self.relays = {number: office.relay(number, self.clock) for number in (3, 5)}
        self.machines = {number: office.service(number, self.clock) for number in (1, 2)}
        self.fetch()

    def post(self, one: Relay) -> None:
        made = one.next_post()
        self.server.posts.append(made.sealed)
        one.confirm(made)

    def press(self, meaning: Meaning = Meaning.HELP_1, *, relays: tuple[int, ...] = (3, 5)) -> None:
        for number in relays:
            self.relays[number].take_frame(frame(self.clock.seconds, meaning), rssi=-70)
        for one in self.relays.values():
            self.post(one)

    def fetch(self, *machines: int) -> None:
        for number in machines or (1, 2):
            service = self.machines[number]
            assert service.fetch_once(self.server.line(number))
            service.tick()

    def pass_seconds(self, seconds: int) -> None:
        self.clock.seconds += seconds
        for one in self.relays.values():
            self.post(one)
        self.fetch()

    def rings(self, number: int) -> bool:
        return bool(self.machines[number].ringing())

    def restart(self, number: int) -> DutyService:
        self.machines[number].close()
        self.machines[number] = self.office.service(number, self.clock)
        return self.machines[number]
