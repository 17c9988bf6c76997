"""Faked months of study in a real collection, and what an import must leave alone."""

from __future__ import annotations

from pathlib import Path

from anki.collection import Collection

DAY = 86_400_000  # milliseconds


def new_collection(folder: Path) -> Collection:
    """Returns an empty collection in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return Collection(str(folder / "collection.anki2"))


def study(collection: Collection, days: int = 8) -> None:
    """Reviews every card on each of some days, with all four buttons, then suspends, flags, buries and moves a few.

    The days lie in the past: after each day its reviews are dated back.
    """
    cards = list(collection.find_cards(""))
    for day in range(days, 0, -1):
        for position, card_id in enumerate(cards):
            if (position + day) % 3 == 0:
                continue
            collection.sched.set_due_date([card_id], "0")
            card = collection.get_card(card_id)
            card.start_timer()
            states = collection._backend.get_scheduling_states(card_id)
            rating = (position + 2 * day) % 4
            collection.sched.answer_card(
                collection.sched.build_answer(card=card, states=states, rating=rating)  # type: ignore[arg-type]
            )
        collection.db.execute("UPDATE revlog SET id = id - ? WHERE id > ?", DAY * day, (_now(collection) - DAY) // 1)
    collection.sched.suspend_cards(cards[:2])
    collection.set_user_flag_for_cards(3, cards[2:4])
    collection.sched.bury_cards(cards[4:5])
    elsewhere = collection.decks.id("Elsewhere")
    assert elsewhere is not None
    collection.set_deck(cards[5:6], elsewhere)


def _now(collection: Collection) -> int:
    return int(collection.db.scalar("SELECT max(id) FROM revlog") or 0)


def history(collection: Collection) -> dict[str, list[tuple[object, ...]]]:
    """Everything of a user's that an import must not touch: each card's row, each review, which notes there are."""
    return {
        "cards": [tuple(row) for row in collection.db.all("SELECT * FROM cards ORDER BY id")],
        "revlog": [tuple(row) for row in collection.db.all("SELECT * FROM revlog ORDER BY id")],
        "notes": [tuple(row) for row in collection.db.all("SELECT id, guid, mid FROM notes ORDER BY id")],
    }
