"""What a worker that was killed leaves behind, and who is still alive.

django_tasks_db never runs a task again that a worker has claimed; but the claimed task would stay "running" for ever, and
so would the organiser's run. A worker's name says where it lives, so that the next one can see whether it still does.
"""

from __future__ import annotations

import os
import secrets
import socket
from typing import Any

HOST = socket.gethostname()[:40].replace(":", "-")


def worker_name() -> str:
    """This process's name among workers: host, process, and a word that no other has."""
    return f"{HOST}:{os.getpid()}:{secrets.token_hex(4)}"


def is_alive(name: str) -> bool:
    """Whether that worker may still live. One on another host cannot be seen from here, so it counts as alive."""
    host, _, rest = name.partition(":")
    number = rest.partition(":")[0]
    if host != HOST or not number.isdigit():
        return host != HOST
    if int(number) == os.getpid():
        return False  # the number was given anew: we have not begun yet
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def release_stale_tasks() -> int:
    """Close tasks whose worker died and mark their runs as interrupted; nothing is run a second time. Gives their number."""
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    freed = 0
    for task in DBTaskResult.objects.running():
        if not task.worker_ids or not is_alive(task.worker_ids[-1]):
            with transaction.atomic():
                task.set_failed(RuntimeError("The worker was stopped in the middle of this task."))
                interrupt_run(task.task_path, task.args_kwargs)
            freed += 1
    notice_silent_runs()
    return freed


def run_models() -> list[Any]:
    """Every kind of long work that an organiser waits for."""
    from django.apps import apps

    from madang.markets.models import Run

    return [model for model in apps.get_models() if issubclass(model, Run)]


def interrupt_run(task_path: str, given: dict[str, Any]) -> None:
    """Close the open run that the task was for: the run of the task's own app, by the id or key it was given."""
    from django.db.models import Q

    from madang.markets.actions import close_run
    from madang.markets.models import RunState

    app = task_path.removeprefix("madang.").split(".")[0]
    values = [*given.get("args", ()), *given.get("kwargs", {}).values()]
    named = Q(pk__in=[v for v in values if isinstance(v, int)]) | Q(key__in=[v for v in values if isinstance(v, str)])
    for model in run_models():
        if model._meta.app_label == app:
            for run in model.objects.filter(named, state__in=[RunState.QUEUED, RunState.RUNNING]):
                close_run(run, RunState.INTERRUPTED)


def notice_silent_runs() -> None:
    """Runs without a task (started from a command line) that show no life any more."""
    from madang.markets.actions import notice_interrupted
    from madang.markets.models import RunState

    for model in run_models():
        for run in model.objects.filter(state=RunState.RUNNING):
            notice_interrupted(run)
