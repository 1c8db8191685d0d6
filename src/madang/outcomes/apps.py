from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Outcomes(AppConfig):
    name = "madang.outcomes"
    verbose_name = _("Outcomes")
