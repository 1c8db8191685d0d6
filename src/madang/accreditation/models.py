"""Badge types and their questions, applications for them, invitations, badges, and paid orders from the ticket shop."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from madang.kit.languages import LANGUAGES, localised
from madang.kit.search import Searched
from madang.markets.models import Edition, FileRun, Run
from madang.people.models import Company, CompanySize, Participant, new_badge_key


class BadgeRole(models.TextChoices):
    """What a badge makes of its holder: the participant's role; the public has none."""

    BUYER = "buyer", _("Buyer")
    SELLER = "seller", _("Seller")
    CREATOR = "creator", _("Creator")
    PRESS = "press", _("Press")
    GUEST = "guest", _("Guest")
    JUROR = "juror", _("Juror")
    PUBLIC = "public", pgettext_lazy("badge", "Public")


class BadgeType(models.Model):
    """A kind of badge of an edition. `quota`: badges at most (none: no limit); who comes later waits where `has_waiting_list`.

    `early_until`: who applied by then pays `early_price`. No money is taken here: prices are told, orders come from the shop.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="badge_types")
    code = models.CharField(_("code"), max_length=40)
    role = models.CharField(_("role"), max_length=10, choices=BadgeRole)
    name = models.CharField(_("name"), max_length=100)
    name_ko = models.CharField(_("name in Korean"), max_length=100, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=100, blank=True)
    about = models.TextField(_("what it is for"), blank=True)
    about_ko = models.TextField(_("what it is for, in Korean"), blank=True)
    about_fr = models.TextField(_("what it is for, in French"), blank=True)
    opens_at = models.DateTimeField(_("applications from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("applications until"), null=True, blank=True)
    early_until = models.DateTimeField(_("early price until"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    early_price = models.DecimalField(_("early price"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    quota = models.PositiveIntegerField(_("badges at most"), null=True, blank=True)
    has_waiting_list = models.BooleanField(_("waiting list when full"), default=True)
    by_invitation = models.BooleanField(_("by invitation only"), default=False)
    is_transferable = models.BooleanField(_("may go to a colleague"), default=True)
    colour = models.CharField(_("colour"), max_length=7, default="#1a1a1a")
    shop_item = models.CharField(_("name of the item in the ticket shop"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="badge_type_code"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="badge_type_closes_later",
            ),
        ]

    def __str__(self) -> str:
        return localised(self, "name")


class AnswerKind(models.TextChoices):
    TEXT = "text", _("A line")
    LONG = "long", _("Several lines")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Some of a list")
    YES = "yes", _("Yes or no")
    NUMBER = "number", _("A number")
    LINK = "link", _("A web address")
    FILE = "file", _("A file (proof)")


class Question(models.Model):
    """What applicants for a badge type are asked. `options`: of a list, each {"value", "en", "ko", "fr"}."""

    badge_type = models.ForeignKey(BadgeType, models.CASCADE, related_name="questions")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=AnswerKind, default=AnswerKind.TEXT)
    label = models.CharField(_("question"), max_length=300)
    label_ko = models.CharField(_("question in Korean"), max_length=300, blank=True)
    label_fr = models.CharField(_("question in French"), max_length=300, blank=True)
    help = models.CharField(_("explanation"), max_length=500, blank=True)
    help_ko = models.CharField(_("explanation in Korean"), max_length=500, blank=True)
    help_fr = models.CharField(_("explanation in French"), max_length=500, blank=True)
    options = models.JSONField(_("list"), default=list, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(pgettext_lazy("rank", "position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["badge_type", "code"], name="question_code")]

    def __str__(self) -> str:
        return localised(self, "label")


class Payer(models.TextChoices):
    """Who pays for what an invitation brings."""

    NOBODY = "nobody", _("Nobody: it is free")
    COMPANY = "company", _("The company pays for all")
    EACH = "each", _("Each applicant")


def new_invitation_key() -> str:
    return secrets.token_urlsafe(16)


class Invitation(models.Model):
    """Somebody may apply, for herself or for `places` people of a company; `key` stands in its link."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="invitations")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="invitations", verbose_name=_("badge"))
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="invitations")
    company_name = models.CharField(_("company"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    places = models.PositiveSmallIntegerField(_("for how many people"), default=1)
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer, default=Payer.NOBODY)
    is_accepted_at_once = models.BooleanField(_("accepted without a look"), default=False)
    key = models.CharField(max_length=40, unique=True, default=new_invitation_key)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(places__gte=1), name="invitation_has_places")]

    def __str__(self) -> str:
        return f"{self.email} ({self.places})"


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "Submitted")
    ASKED = "asked", _("Asked to tell more")
    ACCEPTED = "accepted", pgettext_lazy("application", "Accepted")
    WAITING = "waiting", _("On the waiting list")
    DECLINED = "declined", pgettext_lazy("application", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")
    REVOKED = "revoked", pgettext_lazy("application", "Revoked")
    TRANSFERRED = "transferred", _("Given to a colleague")


class Application(Searched):
    """Somebody wants a badge. `user` wrote it; `email` is the future holder's, who may be a colleague of hers.

    `places_held` counts against the quota: accepted ones. `waiting_since` is its rank on the waiting list.
    `participant` is who it made or found once accepted. `transferred_to` is the colleague's application.
    """

    SEARCHED = ("family_name", "given_name", "native_name", "company_name", "code")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="applications")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="applications", verbose_name=_("badge"))
    code = models.CharField(_("code"), max_length=40)
    state = models.CharField(_("state"), max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="applications")
    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    native_name = models.CharField(_("name in own script"), max_length=200, blank=True)
    family_first = models.BooleanField(_("family name first"), default=False)
    email = models.EmailField(_("e-mail address"))
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="applications")
    company_name = models.CharField(_("company"), max_length=200, blank=True)
    company_size = models.CharField(_("people whom the company employs"), max_length=6, choices=CompanySize, blank=True)
    job_title = models.CharField(pgettext_lazy("job title", "position"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="applications")
    transferred_to = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="transferred_from")
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True, max_length=1000)

    class Meta:
        ordering: ClassVar = ["-submitted_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="application_code"),
            models.UniqueConstraint(
                fields=["edition", "badge_type", "email"],
                condition=Q(state__in=["submitted", "asked", "accepted", "waiting"]),
                name="applies_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["badge_type", "state"]), models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return self.code

    @property
    def latin_name(self) -> str:
        """Both parts in the person's own order."""
        parts = [self.family_name, self.given_name] if self.family_first else [self.given_name, self.family_name]
        return " ".join(part for part in parts if part)


class Answer(models.Model):
    """An applicant's answer. `value`: text, number, true, or a list of the chosen values; a proof stands in `file`."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField(null=True, blank=True)
    file = models.FileField(upload_to="accreditation/", blank=True, max_length=300)
    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "question"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"

    @property
    def words(self) -> str:
        """The answer as people read it, in the active language."""
        if self.value is True:
            return gettext("Yes")
        chosen = self.value if isinstance(self.value, list) else [self.value]
        labels = {str(row["value"]): str(row.get((get_language() or "en")[:2]) or row.get("en")) for row in self.question.options}
        return ", ".join(labels.get(str(value), str(value)) for value in chosen if value is not None)


class Inquiry(models.Model):
    """What the organiser wants to know after a first look, and the answer."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="inquiries")
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    file = models.FileField(upload_to="accreditation/", blank=True, max_length=300)
    file_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class BadgeState(models.TextChoices):
    VALID = "valid", pgettext_lazy("badge", "Valid")
    LOST = "lost", pgettext_lazy("badge", "Reported lost")
    REPLACED = "replaced", pgettext_lazy("badge", "Replaced")
    REVOKED = "revoked", pgettext_lazy("badge", "Revoked")


class Badge(models.Model):
    """A badge that was issued. `key` stands in its QR; one of a person's badges is valid, with `Participant.badge_key`."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="badges")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="badges")
    badge_type = models.ForeignKey(BadgeType, models.PROTECT, related_name="badges")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="badges")
    number = models.PositiveIntegerField(_("number"))
    key = models.CharField(max_length=32, unique=True, default=new_badge_key)
    state = models.CharField(_("state"), max_length=10, choices=BadgeState, default=BadgeState.VALID)
    issued_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)
    handed_out_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="badge_number"),
            models.UniqueConstraint(fields=["participant"], condition=Q(state="valid"), name="one_valid_badge_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number:05d}"


class BadgeRun(Run):
    """Badges being printed into one PDF: which (`asked`), in which format; the file is kept for a week."""

    asked = models.JSONField(default=dict, blank=True)
    format = models.CharField(_("format"), max_length=20)
    stored = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=0)


class OrderState(models.TextChoices):
    """As the ticket shop says."""

    PENDING = "pending", pgettext_lazy("order", "Not paid yet")
    PAID = "paid", pgettext_lazy("order", "Paid")
    EXPIRED = "expired", pgettext_lazy("order", "Expired")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class Match(models.TextChoices):
    """How an order found its application."""

    NONE = "none", _("Not matched")
    EMAIL = "email", _("By e-mail address")
    CODE = "code", _("By application code")
    COMPANY = "company", _("By the company’s invitation")
    HAND = "hand", _("By hand")


class Order(models.Model):
    """One position of an order in the ticket shop, as it was told: paid or not, and whose badge it pays."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="orders")
    code = models.CharField(_("order"), max_length=40)
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=OrderState)
    email = models.EmailField(_("e-mail address"), blank=True)
    attendee_name = models.CharField(_("name"), max_length=300, blank=True)
    company_name = models.CharField(_("company"), max_length=300, blank=True)
    item = models.CharField(_("item"), max_length=300, blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=dict, blank=True)
    application = models.ForeignKey(Application, models.SET_NULL, null=True, blank=True, related_name="orders")
    matched = models.CharField(_("matched"), max_length=10, choices=Match, default=Match.NONE)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["code", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code", "position"], name="order_position_once")]
        indexes: ClassVar = [models.Index(fields=["edition", "email"])]

    def __str__(self) -> str:
        return f"{self.code}-{self.position}"


class OrderImport(FileRun):
    """An export of the ticket shop on its way in."""
