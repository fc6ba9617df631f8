"""Items in order: what the stores have no business to show."""

import tracemalloc

from fauxreel.store.ordered import MOST_TOMBSTONES, Ordered

LEAST_ROW_BYTES = 100


def come_and_gone(items, projects):
    """Adds an item of each project, and removes it."""
    for number in projects:
        project, item_id = f"project-{number:06}", f"item-{number:06}"
        items.add(project, items.next_sequence(), item_id, None)
        items.remove(project, item_id)


def test_projects_of_which_nothing_is_left_take_no_room():
    items = Ordered(1)
    tracemalloc.start()
    try:
        come_and_gone(items, range(MOST_TOMBSTONES))
        before, _ = tracemalloc.get_traced_memory()
        come_and_gone(items, range(MOST_TOMBSTONES, 2 * MOST_TOMBSTONES))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < MOST_TOMBSTONES * LEAST_ROW_BYTES / 2
