from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Markets(AppConfig):
    name = "madang.markets"
    verbose_name = _("Markets")
