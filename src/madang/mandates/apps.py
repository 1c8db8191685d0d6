from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Mandates(AppConfig):
    name = "madang.mandates"
    verbose_name = _("Mandates")
