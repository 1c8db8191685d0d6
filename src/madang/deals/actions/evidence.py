"""Evidence of values: a reference, or a file that is kept under its digest and given to those alone who may see the value."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madang.accounts.models import User
from madang.deals.actions.refusals import DealRefused
from madang.deals.models import Evidence, Value
from madang.deals.rules import may_confirm
from madang.markets.actions import record

BIGGEST = 10_000_000
"""Bytes of a file."""
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How a file of each kind begins; its name is not believed."""
ENDINGS = ".pdf,.png,.jpg,.jpeg"


class WrongFile(DealRefused):
    """A file that cannot be evidence; the text says why."""


@transaction.atomic
def add_evidence(actor: User, value: Value, *, reference: str = "", file: File[Any] | None = None) -> Evidence:
    """A party attaches what shows that the value is right; the same once more is one. Raises WrongFile."""
    found = Value.objects.select_for_update(of=("self",)).select_related("edition", "deal__edition").get(pk=value.pk)
    if not may_confirm(actor, found):
        raise PermissionDenied
    row = Evidence(value=found, reference=reference.strip(), added_by=actor, added_at=found.edition.now())
    if file is not None:
        row.file_name, row.digest, row.stored = _name(file), *_kept(file)
    same = found.evidence.filter(reference=row.reference, digest=row.digest).first()
    if same:
        return same
    row.save()
    record(found.edition, actor, "add_evidence", found.pk, evidence=row.pk, digest=row.digest, reference=row.reference)
    return row


@transaction.atomic
def remove_evidence(actor: User, evidence: Evidence) -> None:
    """Who attached it takes it back, as long as nobody of another company has confirmed the value; the file goes with it."""
    value = Value.objects.select_for_update(of=("self",)).select_related("edition", "deal__edition").get(pk=evidence.value_id)
    if evidence.added_by_id != actor.pk or not may_confirm(actor, value):
        raise PermissionDenied
    if value.confirmations.exclude(company=value.company_id).filter(disputes=False).exists():
        raise DealRefused(_("The other party has confirmed the value with this evidence: it stays."))
    record(value.edition, actor, "remove_evidence", value.pk, evidence=evidence.pk, digest=evidence.digest)
    stored = evidence.stored
    evidence.delete()
    if stored and not Evidence.objects.filter(stored=stored).exists():
        transaction.on_commit(lambda: default_storage.delete(stored))


def _name(file: File[Any]) -> str:
    return (file.name or "").replace("\\", "/").rsplit("/", 1)[-1][-200:]


def _kept(file: File[Any]) -> tuple[str, str]:
    """(digest, where it is stored); the same file is stored once."""
    check_file(file)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    digest = found.hexdigest()
    path = f"evidence/{digest[:2]}/{digest}"
    if not default_storage.exists(path):
        file.seek(0)
        default_storage.save(path, file)
    return digest, path


def check_file(file: File[Any]) -> None:
    """Raises WrongFile for one that is too big, empty or of another kind than KINDS."""
    if (file.size or 0) > BIGGEST:
        text = _("The file is too big: %(size)s MB, where %(limit)s MB are allowed.")
        raise WrongFile(text % {"size": f"{(file.size or 0) / 1e6:.0f}", "limit": BIGGEST // 1_000_000})
    if not file_type(file):
        raise WrongFile(_("This is no PDF and no picture (PNG or JPEG). Save it as a PDF first."))


def file_type(file: File[Any]) -> str:
    """The media type by how the file begins; "" for a kind that is not taken."""
    file.seek(0)
    begin = file.read(16)
    file.seek(0)
    return next((kind for sign, kind in KINDS.items() if begin.startswith(sign)), "")
