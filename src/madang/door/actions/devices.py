"""Phones at the doors: made by an organiser, paired once, revoked at once."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

from madang.accounts.models import User
from madang.door.models import Device, new_device_key
from madang.door.rules import device_to_pair, kept, may_run_doors
from madang.markets.actions import record
from madang.markets.models import Edition, Hall

SEEN = dt.timedelta(seconds=20)
"""So often a device's last sign of life is written down."""


class Made(NamedTuple):
    """A device, and the key that nobody can read later: it goes into the pairing link or the phone's cookie."""

    device: Device
    key: str


@transaction.atomic
def make_device(actor: User, edition: Edition, *, name: str, hall: Hall | None) -> Made:
    """A device that waits for its phone."""
    if not may_run_doors(actor, edition):
        raise PermissionDenied
    key = new_device_key()
    device = Device.objects.create(
        edition=edition, name=name, hall=hall, key=kept(key), created_by=actor, created_at=edition.now()
    )
    record(edition, actor, "make_device", name)
    return Made(device, key)


@transaction.atomic
def renew_device(actor: User, device: Device) -> Made:
    """Another phone for a device, or the same after its link got lost: what was paired before is refused from now on."""
    if not may_run_doors(actor, device.edition):
        raise PermissionDenied
    key = new_device_key()
    device.key, device.paired_at, device.revoked_at = kept(key), None, None
    device.save(update_fields=["key", "paired_at", "revoked_at"])
    record(device.edition, actor, "renew_device", device.name)
    return Made(device, key)


@transaction.atomic
def revoke_device(actor: User, device: Device) -> Device:
    """Refuse the phone from now on; what it carries runs out by itself."""
    if not may_run_doors(actor, device.edition):
        raise PermissionDenied
    if device.revoked_at is None:
        device.revoked_at = device.edition.now()
        device.save(update_fields=["revoked_at"])
        record(device.edition, actor, "revoke_device", device.name)
    return device


@transaction.atomic
def pair_device(edition: Edition, key: str) -> Made | None:
    """Exchange the key of a link for the phone's own; None where the link was used, or its device revoked."""
    if (device := device_to_pair(edition, key)) is None:
        return None
    own, now = new_device_key(), edition.now()
    waiting = Device.objects.filter(pk=device.pk, key=kept(key), paired_at=None, revoked_at=None)
    if not waiting.update(key=kept(own), paired_at=now, seen_at=now):
        return None
    device.refresh_from_db()
    record(edition, None, "pair_device", device.name)
    return Made(device, own)


def see_device(device: Device) -> None:
    """Note that a device was heard of, at most every SEEN."""
    now = device.edition.now()
    if device.seen_at is None or now - device.seen_at > SEEN:
        Device.objects.filter(pk=device.pk).update(seen_at=now)
