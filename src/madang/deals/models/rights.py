"""What contracts say about titles, line by line, and the sets of territories, media and languages they speak of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from madang.catalogue.models import Title
from madang.markets.models import Edition
from madang.people.models import Company


class Dimension(models.TextChoices):
    TERRITORIES = "territories", _("Territories")
    MEDIA = "media", _("Media")
    LANGUAGES = "languages", _("Languages")


class RightsSet(models.Model):
    """A set of leaves that many lines share; it is never changed. `members`: their codes, in the order of the table `version`."""

    dimension = models.CharField(max_length=12, choices=Dimension)
    version = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    members = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["dimension", "version", "digest"], name="rights_set_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.members[:60]}"


class Milestone(models.Model):
    """Something that dates of contracts hang on, e.g. the theatrical release in Germany: estimated, then actual."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="milestones")
    title = models.ForeignKey(Title, models.CASCADE, related_name="milestones", verbose_name=_("title"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("what happens"), max_length=200)
    earliest = models.DateField(_("not before"), null=True, blank=True)
    latest = models.DateField(_("not after"), null=True, blank=True)
    actual = models.DateField(_("happened on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["title", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="milestone_code"),
            models.CheckConstraint(condition=Q(earliest__lte=F("latest")), name="milestone_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class LineKind(models.TextChoices):
    """As in `kernels.rights.Kind`."""

    GRANT = "grant", pgettext_lazy("rights", "Held")
    LICENCE = "licence", pgettext_lazy("rights", "Licensed")
    RESTRICTION = "restriction", pgettext_lazy("rights", "Restricted")


class LineReason(models.TextChoices):
    """Why something is restricted; as in `kernels.rights.Reason`."""

    EXCLUSIVITY = "exclusivity", _("Exclusivity")
    HOLDBACK = "holdback", _("Holdback")
    BLACKOUT = "blackout", _("Blackout")
    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Not before release")
    FIRST_RUN = "first_run", _("First run")
    OPTION = "option", pgettext_lazy("rights", "Option")
    FIRST_NEGOTIATION = "first_negotiation", _("First negotiation")
    FIRST_REFUSAL = "first_refusal", _("First refusal")
    MATCHING = "matching", _("Matching right")


class OpenDate(models.TextChoices):
    """A date that is none; as in `kernels.rights.Open`."""

    PERPETUITY = "perpetuity", _("For ever")
    UNTIL_NOTICE = "until_notice", _("Until one of the two ends it")
    TBA = "tba", _("To be agreed")


class Line(models.Model):
    """One line of a document about one title: what it gives, uses or keeps back, where, how, in which languages, when.

    `territories_said` and the like are what was written; the sets are what it meant by the tables of that day.
    `start` is the first day and `end` the last one; each may be open, or hang on a milestone with a lag in days.
    `party`: who holds or uses (empty: somebody outside, named by the document). A licence with `exclusive` keeps all others out
    of its scope; a grant with it is held by nobody else. `exempt`: whom a restriction does not
    block; `only`: the only ones it blocks; `only_party`: it blocks nobody but its own party, who may be outside.
    `terms`: what an avails file says beside the rights, by its column names.
    """

    document = models.ForeignKey("deals.Document", models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(default=1)
    title = models.ForeignKey(Title, models.PROTECT, related_name="rights_lines", verbose_name=_("title"))
    kind = models.CharField(_("kind"), max_length=12, choices=LineKind)
    reason = models.CharField(_("reason"), max_length=20, choices=LineReason, blank=True)
    territories = models.ForeignKey(RightsSet, models.PROTECT, related_name="+")
    media = models.ForeignKey(RightsSet, models.PROTECT, related_name="+")
    languages = models.ForeignKey(RightsSet, models.PROTECT, related_name="+")
    territories_said = models.TextField(_("territories"))
    media_said = models.TextField(_("media"))
    languages_said = models.TextField(_("languages"), blank=True)
    start = models.DateField(_("first day"), null=True, blank=True)
    start_open = models.CharField(_("first day is open"), max_length=12, choices=OpenDate, blank=True)
    start_after = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from"))
    start_lag = models.IntegerField(_("days after that"), default=0)
    end = models.DateField(_("last day"), null=True, blank=True)
    end_open = models.CharField(_("last day is open"), max_length=12, choices=OpenDate, blank=True)
    end_after = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("until"))
    end_lag = models.IntegerField(_("days after that"), default=0)
    ended_early_by = models.ManyToManyField(Milestone, blank=True, related_name="+", verbose_name=_("ends early with"))
    party = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by whom"))
    exclusive = models.BooleanField(_("exclusive"), default=False)
    exempt = models.ManyToManyField(Company, blank=True, related_name="+", verbose_name=_("does not bind"))
    only = models.ManyToManyField(Company, blank=True, related_name="+", verbose_name=_("binds only"))
    only_party = models.BooleanField(_("binds only the other party"), default=False)
    subject_to = models.ManyToManyField("deals.Document", blank=True, related_name="+", verbose_name=_("subject to"))
    runs = models.PositiveIntegerField(_("runs"), null=True, blank=True)
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    terms = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="line_in_order"),
            models.CheckConstraint(condition=Q(kind="restriction") ^ Q(reason=""), name="reason_of_restriction"),
        ]
        indexes: ClassVar = [models.Index(fields=["title", "kind"])]

    def __str__(self) -> str:
        return f"{self.document_id}.{self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.document.refuse_if_signed()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        self.document.refuse_if_signed()
        return super().delete(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature
