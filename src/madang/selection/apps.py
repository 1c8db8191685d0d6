from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Selection(AppConfig):
    name = "madang.selection"
    verbose_name = _("Call for entries and jury")
