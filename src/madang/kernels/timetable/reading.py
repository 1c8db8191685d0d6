"""Problems and plans as text: .dzn files, our own JSON, the JSON of the market instances, and plan JSON.

The formats are written down in docs/develop/timetable.md. Everything unreadable raises `ProblemError` with a sentence.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from .dzn import read_dzn
from .faults import ProblemError, ensure_sound
from .problem import Goal, Id, Meeting, Participant, Pause, Plan, Problem, Request, Slot, Status, Table, Way

T = TypeVar("T")
Row = Mapping[str, Any]
Reader = Callable[[Path], Problem]

FORMAT = "madang-timetable-1"
LARGEST = 200_000_000  # bytes: an unpacked file above this is a mistake or an attack

__all__ = ["plan_from_json", "plan_to_json", "read_dzn", "read_file", "read_json", "read_market", "write_json"]


def read_file(path: Path | str, readers: Mapping[str, Reader] | None = None) -> Problem:
    """The problem of a .dzn, .json or .json.gz file; `readers` adds suffixes (".xlsx") with functions of the path."""
    path = Path(path)
    extra = (readers or {}).get(path.suffix.lower())
    if extra is not None:
        return extra(path)
    if path.suffix.lower() == ".dzn":
        return read_dzn(_text(path))
    if path.suffix.lower() in (".json", ".gz"):
        return read_json(_text(path))
    known = ", ".join([".dzn", ".json", ".json.gz", *(readers or {})])
    raise ProblemError(f"{path.name} is of no kind that is understood ({known})")


def read_json(text: str) -> Problem:
    """A problem from our own JSON, or from the JSON of a market instance (where `slots` is a number)."""
    data = _object(text)
    if isinstance(data.get("slots"), int):
        return read_market(data)
    if data.get("format", FORMAT) != FORMAT:
        raise ProblemError(f"the format is {data['format']!r}, not {FORMAT!r}")
    problem = Problem(
        slots=tuple(_each(data, "slots", _slot)),
        participants=tuple(_each(data, "participants", _participant)),
        tables=tuple(_each(data, "tables", _table)),
        requests=tuple(_each(data, "requests", _request)),
        goal=_goal(data.get("goal", Goal.WEIGHT.value)),
        homogeneity=_optional_int(data, "homogeneity"),
        breaks_over_forbidden=_flag(data, "breaks_over_forbidden", False),
        pauses=tuple(_each(data, "pauses", _pause)) if "pauses" in data else (),
        ways=tuple(_each(data, "ways", _way)) if "ways" in data else (),
        floor=_int(data, "floor", 0),
    )
    ensure_sound(problem)
    return problem


def write_json(problem: Problem) -> str:
    """Our own JSON of a problem; `read_json` gives the same problem back. Later fields are left out where they say nothing."""
    data = {
        "format": FORMAT,
        "goal": problem.goal.value,
        "homogeneity": problem.homogeneity,
        "breaks_over_forbidden": problem.breaks_over_forbidden,
        "slots": [{"day": s.day, "session": s.session} for s in problem.slots],
        "participants": [_participant_row(p) for p in problem.participants],
        "tables": [{"id": t.id, "shared": t.shared, "closed": sorted(t.closed)} | _said(hall=t.hall) for t in problem.tables],
        "requests": [_request_row(r) for r in problem.requests],
        **_said(
            pauses=[{"slots": sorted(p.slots), "free": p.free} for p in problem.pauses],
            ways=[{"between": list(w.between), "slots": w.slots} for w in problem.ways],
            floor=problem.floor,
        ),
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def read_market(data: Row) -> Problem:
    """A market instance: `slots`, `slots_per_day`, `tables_per_slot`, participants with `available`, requests of two sides."""
    total, per_day = _int(data, "slots"), _int(data, "slots_per_day")
    if not 1 <= total <= 100_000 or per_day < 1:
        raise ProblemError("slots and slots_per_day must be 1 or more")
    open_tables = data.get("tables_per_slot")
    if not isinstance(open_tables, list) or len(open_tables) != total or not all(isinstance(n, int) for n in open_tables):
        raise ProblemError(f"tables_per_slot must have {total} numbers")
    problem = Problem(
        slots=tuple(Slot(day=1 + s // per_day) for s in range(total)),
        participants=tuple(_each(data, "participants", lambda row: _market_person(row, total))),
        tables=tuple(
            Table(id=n, closed=frozenset(s for s, count in enumerate(open_tables, start=1) if count < n))
            for n in range(1, max(open_tables, default=0) + 1)
        ),
        requests=tuple(_each(data, "requests", _market_request)),
        goal=Goal.WEIGHT,
    )
    ensure_sound(problem)
    return problem


def plan_to_json(plan: Plan) -> str:
    """Plan JSON: status, objective, bound, seconds, breaks, meetings of id, slot (1-based), table; `short`, delegates if any."""
    data = {
        "status": plan.status.value,
        "objective": plan.objective,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 3),
        "breaks": plan.breaks,
        **({} if plan.short is None else {"short": plan.short}),
        "meetings": [{"id": m.id, "slot": m.slot, "table": m.table} | _said(delegates=list(m.delegates)) for m in plan.meetings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def plan_from_json(text: str) -> Plan:
    """The plan of plan JSON; only `meetings` must be there, so that plans made elsewhere can be refereed."""
    data = _object(text)
    try:
        status = Status(data.get("status", Status.FEASIBLE.value))
    except ValueError as error:
        raise ProblemError(f"status {data['status']!r} is not one of {', '.join(s.value for s in Status)}") from error
    return Plan(
        status=status,
        objective=_optional_int(data, "objective"),
        bound=_optional_number(data, "bound"),
        seconds=_optional_number(data, "seconds") or 0.0,
        meetings=tuple(_each(data, "meetings", _meeting)),
        breaks=_optional_int(data, "breaks"),
        short=_optional_int(data, "short"),
    )


def _text(path: Path) -> str:
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path, "rb") as file:
                raw = file.read(LARGEST + 1)
        else:
            with path.open("rb") as plain:
                raw = plain.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise ProblemError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > LARGEST:
        raise ProblemError(f"{path} is larger than {LARGEST // 1_000_000} MB when unpacked")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(f"{path} is not text in UTF-8") from error


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProblemError(f"line {error.lineno}: not JSON ({error.msg})") from error
    except RecursionError as error:
        raise ProblemError("the JSON is nested too deeply") from error
    if not isinstance(data, dict):
        raise ProblemError("the JSON must be an object with names")
    return data


def _each(data: Row, name: str, make: Callable[[Row], T]) -> Iterable[T]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise ProblemError(f"{name} must be a list")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise ProblemError(f"{name}, row {number}: an object with names was expected")
        try:
            yield make(row)
        except ProblemError as error:
            raise ProblemError(f"{name}, row {number}: {error}") from error


def _slot(row: Row) -> Slot:
    return Slot(day=_int(row, "day", 1), session=_int(row, "session", 1))


def _participant(row: Row) -> Participant:
    return Participant(
        id=_id(row, "id"),
        forbidden=frozenset(_ints(row, "forbidden")),
        max_per_day=_optional_int(row, "max_per_day"),
        asleep=frozenset(_ints(row, "asleep")),
        max_in_row=_optional_int(row, "max_in_row"),
    )


def _participant_row(person: Participant) -> dict[str, object]:
    plain = {"id": person.id, "forbidden": sorted(person.forbidden), "max_per_day": person.max_per_day}
    return plain | _said(asleep=sorted(person.asleep), max_in_row=person.max_in_row)


def _table(row: Row) -> Table:
    return Table(
        id=_id(row, "id"),
        shared=_flag(row, "shared", True),
        closed=frozenset(_ints(row, "closed")),
        hall=None if row.get("hall") is None else _id(row, "hall"),
    )


def _pause(row: Row) -> Pause:
    return Pause(frozenset(_ints(row, "slots")), _int(row, "free", 1))


def _way(row: Row) -> Way:
    halls = _id_list(row, "between")
    if len(halls) != 2:
        raise ProblemError(f"between must name two halls, not {len(halls)}")
    return Way((halls[0], halls[1]), _int(row, "slots", 1))


def _said(**fields: object) -> dict[str, object]:
    """The fields that are not as they would be if nothing was said: None, nothing, empty."""
    return {name: value for name, value in fields.items() if value not in (None, 0, False, "") and value != []}


def _request(row: Row) -> Request:
    return Request(
        id=_id(row, "id"),
        participants=tuple(_id_list(row, "participants")),
        weight=_int(row, "weight", 1),
        session=_optional_int(row, "session"),
        fixed_slot=_optional_int(row, "fixed_slot"),
        fixed_table=None if row.get("fixed_table") is None else _id(row, "fixed_table"),
        tables=None if row.get("tables") is None else tuple(_id_list(row, "tables")),
        after=tuple(_id_list(row, "after")),
        required=_flag(row, "required", False),
        length=_int(row, "length", 1),
        prefers=tuple(_id_list(row, "prefers")),
        online=_flag(row, "online", False),
        teams=_teams(row),
    )


def _teams(row: Row) -> tuple[tuple[Id, ...], ...]:
    teams = _list(row, "teams")
    if not all(isinstance(team, list) for team in teams):
        raise ProblemError("teams must be a list of lists")
    return tuple(tuple(_as_id(p, "teams") for p in team) for team in teams if isinstance(team, list))


def _request_row(request: Request) -> dict[str, object]:
    return {
        "id": request.id,
        "participants": list(request.participants),
        "weight": request.weight,
        "session": request.session,
        "fixed_slot": request.fixed_slot,
        "fixed_table": request.fixed_table,
        "tables": None if request.tables is None else list(request.tables),
        "after": list(request.after),
        "required": request.required,
        **({} if request.length == 1 else {"length": request.length}),
        **_said(prefers=list(request.prefers), online=request.online, teams=[list(team) for team in request.teams]),
    }


def _market_person(row: Row, total: int) -> Participant:
    away = frozenset(range(1, total + 1)) - frozenset(_ints(row, "available"))
    return Participant(_id(row, "id"), away, _optional_int(row, "max_per_day"))


def _market_request(row: Row) -> Request:
    return Request(
        id=_id(row, "id"),
        participants=(_id(row, "buyer"), _id(row, "seller")),
        weight=_int(row, "weight", 1),
        fixed_slot=_optional_int(row, "fixed_slot"),
        tables=None if _flag(row, "needs_table", True) else (),
    )


def _meeting(row: Row) -> Meeting:
    table = None if row.get("table") is None else _id(row, "table")
    return Meeting(_id(row, "id"), _int(row, "slot"), table, tuple(_id_list(row, "delegates")))


def _goal(value: object) -> Goal:
    try:
        return Goal(str(value))
    except ValueError as error:
        raise ProblemError(f"goal {value!r} is not one of {', '.join(g.value for g in Goal)}") from error


def _id(row: Row, name: str) -> Id:
    return _as_id(row.get(name), name)


def _as_id(value: object, name: str) -> Id:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ProblemError(f"{name} must be a number or a text, not {value!r}")
    return value


def _id_list(row: Row, name: str) -> list[Id]:
    return [_as_id(value, name) for value in _list(row, name)]


def _ints(row: Row, name: str) -> list[int]:
    return [_whole(value, name) for value in _list(row, name)]


def _list(row: Row, name: str) -> Sequence[object]:
    values = row.get(name, [])
    if not isinstance(values, list):
        raise ProblemError(f"{name} must be a list, not {values!r}")
    return values


def _int(row: Row, name: str, default: int | None = None) -> int:
    return _whole(row.get(name, default), name)


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ProblemError(f"{name} must be a whole number, not {value!r}")
    return value


def _optional_int(row: Row, name: str) -> int | None:
    return None if row.get(name) is None else _whole(row[name], name)


def _optional_number(row: Row, name: str) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ProblemError(f"{name} must be a number, not {value!r}")
    return float(value)


def _flag(row: Row, name: str, default: bool) -> bool:
    value = row.get(name, default)
    if not isinstance(value, bool):
        raise ProblemError(f"{name} must be true or false, not {value!r}")
    return value
