"""What people said of matches, the dials of exposure, and the meetings that are proposed to both sides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Title
from madang.mandates.models import Mandate
from madang.markets.models import Edition, Run
from madang.people.models import Participant


class Verdict(models.TextChoices):
    INTERESTED = "interested", pgettext_lazy("match", "Interesting")
    NOT_FOR_ME = "not_for_me", pgettext_lazy("match", "Not for me")


class Because(models.TextChoices):
    """Why a match is not for somebody."""

    GENRE = "genre", _("The genre or the story")
    TONE = "tone", _("The tone")
    FORMAT = "format", _("The format")
    LONG = "long", _("It is too long")
    SHORT = "short", _("It is too short")
    AUDIENCE = "audience", _("The audience")
    PRICE = "price", _("The money")
    TIMING = "timing", _("The time")
    RIGHTS = "rights", _("The rights")
    KNOWN = "known", _("I know it already")
    OTHER = "other", pgettext_lazy("reason", "Something else")


class Feedback(models.Model):
    """What one person says of a title and a mandate that met on her page. Private: nobody else ever reads it.

    A buyer says it of a title (`mandate` None: whichever of hers); a seller of a mandate for one of her titles.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="feedback")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="feedback")
    title = models.ForeignKey(Title, models.CASCADE, related_name="feedback")
    mandate = models.ForeignKey(Mandate, models.CASCADE, null=True, blank=True, related_name="feedback")
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    because = models.CharField(_("because of"), max_length=10, choices=Because, blank=True)
    words = models.CharField(_("in your words"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "title", "mandate"], name="feedback_once"),
            models.UniqueConstraint(fields=["by", "title"], condition=Q(mandate=None), name="feedback_once_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.verdict} {self.title_id}"


class Dials(models.Model):
    """How proposed meetings of an edition are shared out: rooms, and floors that no title falls below."""

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="dials")
    floor = models.PositiveSmallIntegerField(_("meetings each title gets at least"), default=2)
    floor_first_time = models.PositiveSmallIntegerField(_("for titles of first-time creators"), default=0)
    floor_countries = models.JSONField(_("for titles from a country"), default=dict, blank=True, help_text=_("code: floor"))
    buyer_room = models.PositiveSmallIntegerField(_("proposals a buyer gets at most"), default=8)
    title_room = models.PositiveSmallIntegerField(_("proposals a title gets at most"), default=20)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(floor__lte=3, floor_first_time__lte=5), name="floors_within_the_dial"),
            models.CheckConstraint(condition=Q(buyer_room__gte=1, title_room__gte=1), name="rooms_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"dials of {self.edition_id}"


class ProposeRun(Run):
    """The computing of proposed meetings. `asked` keeps the dials it was computed with, `report` what it came to:
    meetings, expected hits, what each floor costs, the titles that lack their floor and why."""

    asked = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)


class SuggestionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("suggestion", "Draft")
    SHOWN = "shown", pgettext_lazy("suggestion", "Shown to both sides")
    DROPPED = "dropped", pgettext_lazy("suggestion", "Dropped")


class Suggestion(models.Model):
    """A meeting that the organiser suggests to a buyer and the seller of a title. Never a booking: one of them asks, the
    other answers.

    `chance` with its 90 % interval `low`..`high`; `because`: the reasons as `queries` made them; `by_floor`: it stands there
    for the floor.
    """

    run = models.ForeignKey(ProposeRun, models.CASCADE, related_name="suggestions")
    buyer = models.ForeignKey(Participant, models.CASCADE, related_name="suggestions")
    title = models.ForeignKey(Title, models.CASCADE, related_name="suggestions")
    mandate = models.ForeignKey(Mandate, models.SET_NULL, null=True, blank=True, related_name="suggestions")
    chance = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    because = models.JSONField(default=list, blank=True)
    by_floor = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=SuggestionState, default=SuggestionState.DRAFT)
    shown_at = models.DateTimeField(null=True, blank=True)
    buyer_declined_at = models.DateTimeField(null=True, blank=True)
    seller_declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-chance", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "buyer", "title"], name="suggested_once_a_run")]
        indexes: ClassVar = [models.Index(fields=["buyer", "state"]), models.Index(fields=["title", "state"])]

    def __str__(self) -> str:
        return f"{self.buyer_id} x {self.title_id}"
