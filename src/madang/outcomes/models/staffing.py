"""Who works at an edition, when, and what she can do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madang.kit.search import Searched
from madang.markets.models import Edition, Hall, Run
from madang.outcomes.models.money import Activity
from madang.outcomes.models.named import Named
from madang.people.models import Participant


class Skill(Named):
    """What a shift may ask for: French, projection, first aid."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="skills")
    code = models.CharField(_("code"), max_length=40)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="skill_code")]


class Worker(Searched):
    """A person who works for the edition, paid or not. `hours_a_day`: the most; `rest_hours`: the least between two days'
    shifts."""

    SEARCHED = ("name", "native_name", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="workers")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    native_name = models.CharField(_("name in own script"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="works_as")
    skills = models.ManyToManyField(Skill, blank=True, related_name="workers", verbose_name=_("skills"))
    hours_a_day = models.DecimalField(_("hours a day at most"), max_digits=4, decimal_places=2, default=10)
    rest_hours = models.DecimalField(_("hours of rest at least"), max_digits=4, decimal_places=2, default=11)
    hours_in_all = models.DecimalField(_("hours in all at most"), max_digits=6, decimal_places=2, null=True, blank=True)
    pay_an_hour = models.DecimalField(_("pay an hour"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    left_at = models.DateTimeField(_("dropped out"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["search_text", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="worker_code")]

    def __str__(self) -> str:
        return self.name


class Shift(Named):
    """Work at a time, in UTC, for `needed` people who have its skill."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="shifts")
    code = models.CharField(_("code"), max_length=40)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="shifts", verbose_name=_("activity"))
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, blank=True, related_name="shifts", verbose_name=_("hall"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="shifts", verbose_name=_("skill"))
    needed = models.PositiveSmallIntegerField(_("people needed"), default=1)

    class Meta:
        ordering: ClassVar = ["starts_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="shift_code"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
        ]


class Duty(models.Model):
    """A worker holds a shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="duties")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="duties")
    at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed by her"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["shift", "worker"], name="duty_once")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.shift_id}"


class RosterRun(Run):
    """A roster being searched for; `report` holds who would hold what, and what stays open and why, until it is taken over."""

    settings = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
