"""Who takes part in an edition: companies, participants, and what they are told."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import LANGUAGES, is_hangul, localised
from madang.kit.search import Searched
from madang.markets.models import Edition, Table


class CompanyKind(models.TextChoices):
    BROADCASTER = "broadcaster", _("Broadcaster")
    PLATFORM = "platform", _("Platform")
    DISTRIBUTOR = "distributor", _("Distributor")
    SALES = "sales", _("Sales company")
    PRODUCER = "producer", _("Production company")
    FUND = "fund", _("Fund or institution")
    OTHER = "other", _("Other")


class CompanySize(models.TextChoices):
    """How many people a company employs, in the bands of the European Commission (Recommendation 2003/361/EC)."""

    MICRO = "micro", _("1 to 9 people")
    SMALL = "small", _("10 to 49 people")
    MEDIUM = "medium", _("50 to 249 people")
    LARGE = "large", _("250 people or more")


class Company(Searched):
    """A company at one edition. `name` is its Latin or international name, `name_ko` the Korean one.

    `size` is what it says of itself; "" is not known. Organisers alone see it.
    """

    SEARCHED = ("name", "name_ko", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="companies")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    name_ko = models.CharField(_("name in Korean"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(_("kind"), max_length=20, choices=CompanyKind, default=CompanyKind.OTHER)
    size = models.CharField(_("people employed"), max_length=6, choices=CompanySize, blank=True)
    website = models.URLField(_("website"), blank=True)
    about = models.TextField(_("about"), blank=True)
    booth = models.ForeignKey(Table, models.SET_NULL, null=True, blank=True, related_name="companies", verbose_name=_("booth"))

    class Meta:
        ordering: ClassVar = ["name", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="company_code")]

    def __str__(self) -> str:
        return localised(self, "name")

    def get_absolute_url(self) -> str:
        return reverse("people:company", args=[self.edition.slug, self.code])


class SeenBy(models.TextChoices):
    """Who finds a participant. Organisers always do, and so does whoever she was introduced to."""

    EVERYONE = "everyone", _("Everyone who does business here")
    MATCHES = "matches", _("Those whose titles match my mandates")
    NOBODY = "nobody", _("Nobody, until I ask them")


class Mails(models.TextChoices):
    """How a participant is told by mail what also stands in her notices."""

    SOON = "soon", _("Within minutes, several things in one mail")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never: I read my notices here")


def new_feed_key() -> str:
    return secrets.token_urlsafe(24)


def new_badge_key() -> str:
    return secrets.token_urlsafe(12)


class Participant(Searched):
    """A person at one edition: name as printed on the badge, company, roles.

    A name may have one part: then `family_name` holds it and `given_name` is empty.
    `native_name` is the whole name in its own script, e.g. Hangul. `feed_key` is the secret of her calendar feed.
    `badge_key` stands in the QR of her badge. `left_at`: she dropped out, and is in no list any more. `seen_by`: a hidden buyer
    is found by nobody but organisers and those with an `Introduction`.
    The e-mail address is not among the words of the search: whoever may search must not learn whose it is.
    """

    SEARCHED = ("sorting_name", "latin_name", "native_name", "job_title", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="participants")
    code = models.CharField(_("code"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="participations")
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("company"))
    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    native_name = models.CharField(_("name in own script"), max_length=200, blank=True)
    family_first = models.BooleanField(_("family name first"), default=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    job_title = models.CharField(pgettext_lazy("job title", "position"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_buyer = models.BooleanField(_("buyer"), default=False)
    is_seller = models.BooleanField(_("seller"), default=False)
    is_creator = models.BooleanField(_("creator"), default=False)
    is_juror = models.BooleanField(_("juror"), default=False)
    is_press = models.BooleanField(_("press"), default=False)
    is_guest = models.BooleanField(_("guest"), default=False)
    max_meetings_per_day = models.PositiveSmallIntegerField(_("meetings a day at most"), null=True, blank=True)
    feed_key = models.CharField(max_length=64, unique=True, default=new_feed_key)
    badge_key = models.CharField(max_length=32, unique=True, default=new_badge_key)
    seen_by = models.CharField(_("found by"), max_length=10, choices=SeenBy, default=SeenBy.EVERYONE)
    mails = models.CharField(_("mails"), max_length=10, choices=Mails, default=Mails.SOON)
    mails_calendar = models.BooleanField(_("calendar entries with the mails"), default=True)
    left_at = models.DateTimeField(_("dropped out"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="participant_code"),
            models.UniqueConstraint(fields=["edition", "user"], condition=Q(user__isnull=False), name="one_participation_a_user"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sorting_name(self) -> str:
        """Family name first, as lists are sorted; it begins `search_text`, which sorts without accents and case."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def latin_name(self) -> str:
        """Both parts in the person's own order."""
        parts = [self.family_name, self.given_name] if self.family_first else [self.given_name, self.family_name]
        return " ".join(part for part in parts if part)

    @property
    def name(self) -> str:
        """The name for the reader: in Korean pages a Hangul name stands first; other scripts not every Korean reads."""
        if (get_language() or "").startswith("ko") and is_hangul(self.native_name):
            return self.native_name
        return self.latin_name

    @property
    def other_name(self) -> str:
        """The name in its other script, where it has two: what stands beside `name`."""
        other = self.native_name if self.name == self.latin_name else self.latin_name
        return "" if other == self.name else other

    def get_absolute_url(self) -> str:
        return reverse("people:participant", args=[self.edition.slug, self.code])


ROLES = ["buyer", "seller", "creator", "juror", "press", "guest"]
"""A participant's roles; each is a field `is_<role>`."""


class Block(models.Model):
    """A participant wants nothing to do with a company: its people do not find her and cannot ask her."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="blocks")
    company = models.ForeignKey(Company, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["participant", "company"], name="blocked_once")]

    def __str__(self) -> str:
        return f"{self.participant_id} blocks {self.company_id}"


class IntroductionCause(models.TextChoices):
    """Why a hidden participant is known to somebody."""

    REQUEST = "request", _("a meeting request")
    MATCH = "match", _("a title that matches her mandate")


class Introduction(models.Model):
    """`hidden` is known to `to`, although others do not find her. Written by what knows of requests and mandates."""

    hidden = models.ForeignKey(Participant, models.CASCADE, related_name="introductions")
    to = models.ForeignKey(Participant, models.CASCADE, related_name="introduced")
    cause = models.CharField(max_length=10, choices=IntroductionCause)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hidden", "to", "cause"], name="introduced_once")]

    def __str__(self) -> str:
        return f"{self.hidden_id} to {self.to_id}"


def new_letter_key() -> str:
    return secrets.token_hex(12)


class LetterState(models.TextChoices):
    """How far a letter has come."""

    CLAIMED = "claimed", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Perhaps sent")
    REFUSED = "refused", _("Refused by the mail server")
    LEFT = "left", _("Left as it is")


class Letter(models.Model):
    """A mail, written down before it leaves, so that nothing is lost or sent twice.

    Either to a participant (`recipient`), with the notices it tells, composed when it leaves; or to an `address`, with `subject`
    and `body` as they were written, in the `language` of whoever reads it; `once` then makes a repetition impossible.
    `key` makes its Message-ID, which stays the same however often it is sent. `state_at` is real time. A worker that was killed
    while the mail server had the letter leaves it uncertain: only a person may send it again.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="letters")
    recipient = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="letters")
    address = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    calendar = models.TextField(blank=True)
    once = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001  # unique where there is one
    key = models.CharField(max_length=32, unique=True, default=new_letter_key)
    state = models.CharField(_("state"), max_length=10, choices=LetterState, default=LetterState.CLAIMED)
    state_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(_("what went wrong"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["state", "state_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "once"], name="written_once"),
            models.CheckConstraint(condition=Q(recipient__isnull=False) ^ ~Q(address=""), name="letter_has_one_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    @property
    def reader(self) -> str:
        """Whom it is written to."""
        return self.recipient.name if self.recipient else self.name or self.address


class Notice(models.Model):
    """One thing a person is told once: `key` makes a repeated notice impossible. `letter`: the mail that tells it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(Participant, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, blank=True, related_name="notices")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
