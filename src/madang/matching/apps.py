from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Matching(AppConfig):
    name = "madang.matching"
    verbose_name = _("Matches")
