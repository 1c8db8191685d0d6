"""Volumes of a season: XML says the first episode and how many, a workbook the volume of each episode."""

from __future__ import annotations

from collections.abc import Iterable

from .records import Record
from .values import integer
from .xml_tree import Node, Tree

MOST = 10_000


def span(volume: Node) -> range:
    """The numbers of the episodes of a volume; none where it does not say."""
    first, count = integer(volume.get("VolumeFirstEpisodeNumber")), integer(volume.get("VolumeNumberOfEpisodes"))
    return range(0) if first is None or count is None else range(first, first + max(0, min(count, MOST)))


def tell_volumes(tree: Tree, records: Iterable[Record]) -> None:
    """Each episode gets the number of the volume that it is in."""
    volumes: dict[str, list[tuple[range, str]]] = {}
    for volume in tree.root.find("VolumeMetadata"):
        season = volumes.setdefault(volume.get("SeasonMetadata", "SeasonContentID"), [])
        season.append((span(volume), volume.get("VolumeNumber", "md:Number")))
    for record in records if volumes else ():
        number = integer(record.get("EpisodeNumber")) if record.get("WorkType") == "Episode" else None
        inside = (name for numbers, name in volumes.get(record.get("SeasonContentID"), ()) if number in numbers)
        name = next(inside, "") if number is not None else ""
        if name:
            record.values["VolumeNumber"] = name


def count_episodes(root: Node, records: Iterable[Record]) -> None:
    """A volume that says nothing of its episodes is told by their rows."""
    numbers: dict[tuple[str, str], set[int]] = {}
    for record in records:
        number = integer(record.get("EpisodeNumber"))
        if record.get("WorkType") == "Episode" and record.get("VolumeNumber") and number is not None:
            numbers.setdefault((record.get("SeasonContentID"), record.get("VolumeNumber")), set()).add(number)
    for volume in root.find("VolumeMetadata") if numbers else ():
        inside = numbers.get((volume.get("SeasonMetadata", "SeasonContentID"), volume.get("VolumeNumber", "md:Number")))
        if inside and not (volume.first("VolumeFirstEpisodeNumber") or volume.first("VolumeNumberOfEpisodes")):
            volume.add("VolumeFirstEpisodeNumber", str(min(inside)))
            volume.add("VolumeNumberOfEpisodes", str(len(inside)))
