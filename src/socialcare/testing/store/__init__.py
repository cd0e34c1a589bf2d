"""The contract of a store, as tests that an author of one runs.

Make a subclass in your own tests, and give it a fixture `opener`: it returns a function without
arguments that opens the store of that test, empty the first time and the same one after that.
Make the function picklable, such as a `functools.partial` of your class, and it is also opened by
several processes at once, and by one that is killed in the middle of a commit.
A store that forgets everything says `durable = False`.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opener(self, tmp_path):
            return partial(MyStore, tmp_path / "desk.db")
"""

from socialcare.testing.store.agreement import Agreement
from socialcare.testing.store.any_text import AnyText
from socialcare.testing.store.commits import Commits
from socialcare.testing.store.durability import Durability
from socialcare.testing.store.log import Log
from socialcare.testing.store.many import Many
from socialcare.testing.store.moves import Moves
from socialcare.testing.store.outbox import Outbox
from socialcare.testing.store.pages import Pages
from socialcare.testing.store.place import Opener
from socialcare.testing.store.searching import Searching
from socialcare.testing.store.surroundings import Surroundings
from socialcare.testing.store.together import Together

__all__ = ["Opener", "StoreContract"]


class StoreContract(
    Agreement,
    AnyText,
    Commits,
    Durability,
    Log,
    Many,
    Moves,
    Outbox,
    Pages,
    Searching,
    Surroundings,
    Together,
):
    """What `socialcare.plugins.protocols.Store` promises, as tests."""
