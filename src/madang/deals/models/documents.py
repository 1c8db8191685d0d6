"""Deals and their documents: what is held, offers, memos, licences; what they cost, who may sign, who signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.mandates.models import Mandate
from madang.markets.models import Edition
from madang.meetings.models import MeetingRequest
from madang.people.models import Company, Participant


class DealKind(models.TextChoices):
    LICENCE = "licence", _("Licence")
    COPRODUCTION = "coproduction", _("Co-production")


class DealStage(models.TextChoices):
    """How far two parties have come."""

    ASKED = "asked", _("Terms asked for")
    OFFER = "offer", _("Offer")
    MEMO = "memo", _("Deal memo")
    LICENCE = "licence", _("Signed")
    ENDED = "ended", pgettext_lazy("deal", "Ended")


class Deal(models.Model):
    """What two companies negotiate; in a co-production `licensor` leads, and the others are `partners`.

    `request`: the meeting it came from. `ask`: what the licensee wanted to know at first.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="deals")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=DealKind, default=DealKind.LICENCE)
    stage = models.CharField(_("stage"), max_length=10, choices=DealStage, default=DealStage.ASKED)
    licensor = models.ForeignKey(Company, models.PROTECT, related_name="deals_as_licensor", verbose_name=_("licensor"))
    licensee = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="deals_as_licensee", verbose_name=_("licensee")
    )
    titles = models.ManyToManyField("catalogue.Title", blank=True, related_name="deals", verbose_name=_("titles"))
    request = models.ForeignKey(
        MeetingRequest, models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("came from the meeting")
    )
    mandate = models.ForeignKey(Mandate, models.SET_NULL, null=True, blank=True, related_name="deals", verbose_name=_("mandate"))
    opened_by = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    ask = models.TextField(_("what you would like to know"), blank=True, max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="deal_code"),
            models.CheckConstraint(condition=~Q(licensor=F("licensee")), name="no_deal_with_oneself"),
            models.CheckConstraint(
                condition=Q(kind="coproduction", licensee=None) | Q(kind="licence", licensee__isnull=False),
                name="deal_has_parties",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "stage"])]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        page = "deals:coproduction" if self.kind == DealKind.COPRODUCTION else "deals:deal"
        return reverse(page, args=[self.edition.slug, self.code])


class DocumentKind(models.TextChoices):
    HOLDING = "holding", _("Rights held")
    SOLD = "sold", _("Contract elsewhere")
    OFFER = "offer", _("Offer")
    MEMO = "memo", _("Deal memo")
    LICENCE = "licence", _("Licence")
    AMENDMENT = "amendment", _("Amendment")


class DocumentState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("document", "Draft")
    STATED = "stated", _("In force")
    SENT = "sent", pgettext_lazy("document", "Sent")
    COUNTERED = "countered", _("Answered with a counter-offer")
    ACCEPTED = "accepted", pgettext_lazy("document", "Accepted")
    DECLINED = "declined", pgettext_lazy("document", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("document", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("document", "Expired")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", pgettext_lazy("document", "Ended")


class Source(models.TextChoices):
    FORM = "form", _("Form")
    WORKBOOK = "workbook", _("Workbook")
    AVAILS = "avails", _("Avails file")


class StatedStanding(models.TextChoices):
    """How far a contract made elsewhere has come, as its seller says."""

    SIGNED = "signed", _("Signed")
    OPTION = "option", pgettext_lazy("document", "Option")
    PENDING = "pending", _("Being negotiated")


class SignedIsFinal(Exception):
    """Something tried to change a signed document: it is amended by a new one, never changed."""


class Document(models.Model):
    """A paper on which rights stand. `company` wrote it; `counterparty` names somebody outside Madang.

    HOLDING and SOLD are statements of one company (STATED, later ENDED) and have no `deal`; the others are the deal's, `number`
    by `number`, and are not changed once they are sent. A signed one is never changed: an AMENDMENT names what it `amends`.
    `texts`: what is signed, by language, and `digest` their SHA-256 (`queries.texts`). `holds_until`: an offer that keeps others
    out until then.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="documents")
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    state = models.CharField(_("state"), max_length=12, choices=DocumentState, default=DocumentState.DRAFT)
    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="documents")
    number = models.PositiveIntegerField(_("version"), default=1)
    company = models.ForeignKey(Company, models.PROTECT, related_name="documents", verbose_name=_("company"))
    author = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by"))
    counterparty = models.CharField(_("the other party"), max_length=200, blank=True)
    reference = models.CharField(_("contract number"), max_length=100, blank=True)
    standing = models.CharField(_("how far it has come"), max_length=10, choices=StatedStanding, default=StatedStanding.SIGNED)
    source = models.CharField(_("stated by"), max_length=10, choices=Source, default=Source.FORM)
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("amends"))
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answered_by")
    note = models.TextField(_("note"), blank=True, max_length=2000)
    conditions = models.TextField(_("further conditions"), blank=True, max_length=10000)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    holds_until = models.DateTimeField(_("kept free until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=1000)
    signed_at = models.DateTimeField(null=True, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["deal", "-number", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="document_code"),
            models.UniqueConstraint(fields=["deal", "number"], condition=Q(deal__isnull=False), name="document_number"),
            models.UniqueConstraint(fields=["deal"], condition=Q(state="sent"), name="one_open_document_a_deal"),
            models.CheckConstraint(
                condition=Q(kind__in=["holding", "sold"], deal=None) | (~Q(kind__in=["holding", "sold"]) & Q(deal__isnull=False)),
                name="statement_or_deal",
            ),
            models.CheckConstraint(condition=~Q(state="signed") | ~Q(digest=""), name="signed_has_digest"),
            models.CheckConstraint(
                condition=Q(deal=None, state__in=["draft", "stated", "ended"]) | (Q(deal__isnull=False) & ~Q(state="stated")),
                name="state_of_its_kind",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "kind", "state"])]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.refuse_if_signed()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        self.refuse_if_signed()
        return super().delete(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    def refuse_if_signed(self) -> None:
        """Raise SignedIsFinal where the row, as it stands in the database, is signed."""
        if self.pk and Document.objects.filter(pk=self.pk, state=DocumentState.SIGNED).exists():
            raise SignedIsFinal(self.code)


class PartOfDocument(models.Model):
    """What belongs to a document and is final with it (abstract)."""

    class Meta:
        abstract = True

    def whole(self) -> Document:
        """The document that it belongs to."""
        return self.document  # type: ignore[attr-defined, no-any-return]  # each has one, under its own related name

    def save(self, *args: object, **kwargs: object) -> None:
        self.whole().refuse_if_signed()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        self.whole().refuse_if_signed()
        return super().delete(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature


class TermKind(models.TextChoices):
    FLAT = "flat", _("Flat fee")
    GUARANTEE = "guarantee", _("Minimum guarantee")
    SHARE = "share", _("Revenue share")
    PER_VIEW = "per_view", _("Price a view")
    OTHER = "other", _("Other")


class Term(PartOfDocument):
    """What is paid: an amount with its currency, or per cent of a `base` such as net receipts."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=TermKind)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    percent = models.DecimalField(_("per cent"), max_digits=6, decimal_places=3, null=True, blank=True)
    base = models.CharField(_("of what"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__isnull=False) ^ Q(percent__isnull=False), name="amount_or_percent"),
            models.CheckConstraint(condition=Q(amount=None) | ~Q(currency=""), name="term_has_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}.{self.number}"


class Due(models.TextChoices):
    SIGNATURE = "signature", _("On signature")
    DELIVERY = "delivery", _("On delivery")
    ACCEPTANCE = "acceptance", _("On acceptance of the materials")
    DATE = "date", _("On a date")


class Instalment(PartOfDocument):
    """A part of a term's amount and when it falls due; the parts of a term add up to it."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    due = models.CharField(_("due"), max_length=10, choices=Due)
    due_on = models.DateField(_("on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["term", "number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(due="date") ^ Q(due_on__isnull=True), name="date_of_instalment"),
        ]

    def whole(self) -> Document:
        return self.term.document

    def __str__(self) -> str:
        return f"{self.term_id}.{self.number}"


class Deliverable(PartOfDocument):
    """A material that the licensor hands over."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="deliverables")
    number = models.PositiveSmallIntegerField(default=1)
    what = models.CharField(_("material"), max_length=300)
    due_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number", "pk"]

    def __str__(self) -> str:
        return self.what


class Signatory(models.Model):
    """Somebody who may sign for her company; `named_by` is the organiser or a colleague who may sign herself."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="signatory")
    named_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.participant_id)


class Signature(models.Model):
    """A company's signature under a document. `digest`: of the text that was signed; `name`: as typed by who signed."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="signatures")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    signed_at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["document", "signed_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "company"], name="one_signature_a_company")]

    def __str__(self) -> str:
        return self.name


class Clearance(models.Model):
    """The answer of whoever had to be asked first (first negotiation, first refusal, matching right) before a deal is signed."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="clearances")
    line = models.ForeignKey("deals.Line", models.PROTECT, related_name="+")
    answer = models.CharField(_("what they answered"), max_length=300)
    cleared_by = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "line"], name="cleared_once")]

    def __str__(self) -> str:
        return self.answer
