"""A command that writes the twin, killed while it puts a taken key beside the new one."""

from lab.reviewer.test_only_copies import Scene, scene  # noqa: F401 -- a fixture
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.sole_copies import twin_ring
from tests.reviewer.cut_short import CutShort


def test_killed_while_it_puts_a_taken_key_beside_the_new_one_the_same_command_finishes_it(scene: Scene) -> None:  # noqa: F811 -- the fixture
    desk, week = scene.desk, scene.week.next()
    scene.at_home(f"intake-{week}").unlink()
    desk.issue()
    desk.do("keys", "restore", desk.home, "--twin", scene.twin)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        secrets = {home.keyring.secret(name) for name in home.keyring.names_of(week)}
    assert len(secrets) == 2
    offer = CutShort(desk, scene.command("offer"), folders=[desk.home, scene.twin])
    moments = list(offer.moments({"rename": 1, "unlink": 2}))
    assert len(moments) >= 5
    for moment in moments:
        assert offer.run(moment) < 0, moment
        assert desk.run(*scene.command("offer")) == 0, (moment, desk.err)
        scene.assert_same()
        with open_home(desk.home, entry=SecretEntry(None)) as home:
            ring = twin_ring(home, scene.twin)
            assert {ring.secret(name) for name in ring.names_of(week)} == secrets, moment
        offer.put_back()
