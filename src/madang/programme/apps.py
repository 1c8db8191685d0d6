from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Programme(AppConfig):
    name = "madang.programme"
    verbose_name = _("Programme")
