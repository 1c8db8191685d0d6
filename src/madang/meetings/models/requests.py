"""Meeting requests, the people who come to the meeting, and how much each side wants it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Title
from madang.mandates.models import Mandate, Visibility
from madang.markets.models import Edition, Session, Slot, Table
from madang.people.models import Participant


class Wish(models.IntegerChoices):
    """How much a side wants a meeting."""

    IF_ROOM = 1, _("If there is room")
    LIKE = 2, _("Would like")
    MUST = 3, _("Must")


class RequestStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("request", "Draft")
    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("request", "Expired")


OPEN_STATUSES = [RequestStatus.SENT, RequestStatus.ACCEPTED]


class Form(models.TextChoices):
    """Where people meet."""

    IN_PERSON = "in_person", _("At a table or booth")
    ONLINE = "online", _("Online")


class MeetingRequest(models.Model):
    """One person asks another for a meeting, about titles or a mandate, with a reason.

    A draft is seen by its sender alone. A sent request that nobody answers expires at `expires_at` and then holds nothing.
    `title` is the first title it is about, `also_about` the others. Who comes to the meeting stands in `attendees`.
    `answer_shown`: whether the sender reads the answer of a declined request.

    `pair` is both ids in rising order, so that two open requests between the same two people cannot exist.
    `uid` names the meeting in calendars, through every version of the timetable.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="requests")
    code = models.CharField(_("code"), max_length=40)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(
        Participant, models.CASCADE, related_name="requests_sent", verbose_name=pgettext_lazy("sender", "from")
    )
    receiver = models.ForeignKey(Participant, models.CASCADE, related_name="requests_received", verbose_name=_("to"))
    pair = models.CharField(max_length=40, editable=False)
    title = models.ForeignKey(
        Title, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("about the title")
    )
    also_about = models.ManyToManyField(Title, blank=True, related_name="+", verbose_name=_("also about"))
    mandate = models.ForeignKey(
        Mandate, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("about the mandate")
    )
    reason = models.TextField(_("why we should meet"), blank=True, max_length=1000)
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.SENT)
    sender_wish = models.PositiveSmallIntegerField(_("sender's wish"), choices=Wish, default=Wish.LIKE)
    receiver_wish = models.PositiveSmallIntegerField(_("receiver's wish"), choices=Wish, null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=1000)
    answer_shown = models.BooleanField(_("the sender reads the answer"), default=True)
    form = models.CharField(_("where"), max_length=10, choices=Form, default=Form.IN_PERSON)
    link = models.URLField(_("address of the online meeting"), blank=True)
    session = models.CharField(_("session"), max_length=10, choices=Session, blank=True)
    fixed_slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fixed slot"))
    fixed_table = models.ForeignKey(Table, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fixed table"))
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before", verbose_name=_("after"))
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="request_code"),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(status__in=["sent", "accepted"]), name="one_open_request_a_pair"
            ),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="no_request_to_oneself"),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "status"])]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.pair = pair_of(self.sender_id, self.receiver_id)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
        seat_principals(MeetingRequest.objects.filter(pk=self.pk))

    @property
    def open_mandate(self) -> Mandate | None:
        """The mandate where everybody who does business reads it today: lists and calendars name no other."""
        return self.mandate if self.mandate and self.mandate.visibility == Visibility.PUBLIC else None

    @property
    def said_at(self) -> dt.datetime:
        """When it took its present words."""
        return self.edited_at or self.created_at

    @property
    def is_overdue(self) -> bool:
        """It waited until its time was over, and the clock has not yet closed it (or has, and it is expired)."""
        over = self.status == RequestStatus.SENT and self.expires_at is not None and self.expires_at <= self.edition.now()
        return over or self.status == RequestStatus.EXPIRED


def pair_of(one: int, other: int) -> str:
    """The same text whoever asked."""
    return f"{min(one, other)}-{max(one, other)}"


class Side(models.TextChoices):
    """For whom somebody comes to a meeting."""

    SENDER = "sender", _("The side that asked")
    RECEIVER = "receiver", _("The side that was asked")


class Part(models.TextChoices):
    """Whether somebody comes. Only those who come have to be free, and are in the timetable."""

    INVITED = "invited", _("Invited")
    COMING = "coming", _("Coming")
    DECLINED = "declined", _("Not coming")
    REPLACED = "replaced", _("Replaced by a colleague")


class Interest(models.TextChoices):
    """What came of a meeting, as one side sees it."""

    NONE = "none", _("No interest")
    FOLLOW_UP = "follow_up", _("Follow up")
    OFFER = "offer", _("Offer coming")


class AbsentCause(models.TextChoices):
    """Why somebody did not come, as the other side or the organiser reports it."""

    LATE = "late", _("Late from another meeting")
    DOOR = "door", _("Stuck in the queue at the door")
    REFUSED = "refused", _("Refused the meeting")
    ABSENT = "absent", _("Not seen")


class Attendee(models.Model):
    """A person of a meeting, from the request to what came of it, whichever version of the timetable places it.

    The sender and the receiver are its first attendees (`is_principal`); colleagues and guests join them, and a colleague
    may take a place over. `note` is private to the person. `checked_in_by`: herself, or who scanned her badge.
    """

    request = models.ForeignKey(MeetingRequest, models.CASCADE, related_name="attendees")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attending")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    part = models.CharField(_("comes"), max_length=10, choices=Part, default=Part.COMING)
    is_principal = models.BooleanField(default=False)
    late_minutes = models.PositiveSmallIntegerField(_("minutes late"), null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    checked_in_by = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    absent_cause = models.CharField(_("did not come because"), max_length=10, choices=AbsentCause, blank=True)
    absent_at = models.DateTimeField(null=True, blank=True)
    absent_by = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    interest = models.CharField(_("what came of it"), max_length=10, choices=Interest, blank=True)
    note = models.TextField(_("private note"), blank=True, max_length=2000)
    shares_card = models.BooleanField(_("gives her contact card"), default=False)

    class Meta:
        ordering: ClassVar = ["request", "-is_principal", "side", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "participant"], name="attends_once"),
            models.UniqueConstraint(fields=["request", "side"], condition=Q(is_principal=True), name="one_principal_a_side"),
        ]
        indexes: ClassVar = [models.Index(fields=["participant", "part"])]

    def __str__(self) -> str:
        return f"{self.participant_id} in {self.request_id}"


def seat_principals(requests: models.QuerySet[MeetingRequest]) -> None:
    """Make the sender and the receiver of each request its principals: after rows were written many at a time."""
    wanted = {
        (request, side): person
        for request, *people in requests.order_by().values_list("pk", "sender_id", "receiver_id")
        for side, person in zip(Side.values, people, strict=True)
    }
    seats = Attendee.objects.filter(request__in=requests.order_by().values("pk"), is_principal=True).order_by()
    seated = {
        (request, side): (pk, person)
        for pk, request, side, person in seats.values_list("pk", "request_id", "side", "participant_id")
    }
    wrong = [pk for place, (pk, person) in seated.items() if wanted[place] != person]
    for start in range(0, len(wrong), 500):
        Attendee.objects.filter(pk__in=wrong[start : start + 500]).delete()
    Attendee.objects.bulk_create(
        [
            Attendee(request_id=request, participant_id=person, side=side, is_principal=True)
            for (request, side), person in wanted.items()
            if seated.get((request, side), (0, 0))[1] != person
        ],
        batch_size=500,
    )


class FollowUp(models.Model):
    """Something a person means to do after a meeting: the root of what comes of it. `attendee`: whose it is, of which meeting."""

    attendee = models.ForeignKey(Attendee, models.CASCADE, related_name="follow_ups")
    what = models.CharField(_("what to do"), max_length=300)
    due_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["done_at", "due_on", "pk"]

    def __str__(self) -> str:
        return self.what
