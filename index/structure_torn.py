"""Find the items of a list that a line break tears although the text is not wrapped otherwise."""

from collections.abc import Iterable, Sequence

from index.headings import Family, Marker, parse_marker


def torn_items(bodies: Sequence[str]) -> frozenset[int]:
    """Return the lines that begin an item and stop within its sentence.

    By itself such a line could be a heading (（一）坚持统筹规划，突出重点). Where the next or the last item of the list has
    its sentences on the line of its number, so has this one, and its sentence goes on in the line below.
    """
    suspects = [place for place in range(len(bodies) - 1) if _is_suspect(bodies[place], bodies[place + 1])]
    return frozenset(place for place in suspects if any("。" in body for body in _neighbours(bodies, place)))


def _is_suspect(body: str, below: str) -> bool:
    if "，" not in body or "。" in body or body[-1] in "。；：，、！？;:" or not below.endswith("。"):
        return False
    marker = parse_marker(body)
    return marker is not None and marker.family > Family.ARTICLE and parse_marker(below) is None


def _neighbours(bodies: Sequence[str], place: int) -> list[str]:
    """Return the items before and after an item in its list, as far as they begin with the number before and after."""
    own = parse_marker(bodies[place])
    before = _first_of(own, -1, (bodies[i] for i in range(place - 1, -1, -1)))
    after = _first_of(own, 1, (bodies[i] for i in range(place + 1, len(bodies))))
    return [body for body in (before, after) if body]


def _first_of(own: Marker, step: int, bodies: Iterable[str]) -> str:
    for body in bodies:
        marker = parse_marker(body)
        if marker and marker.family <= own.family:
            return body if (marker.family, marker.number) == (own.family, own.number + step) else ""
    return ""

