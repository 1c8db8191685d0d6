from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Deals(AppConfig):
    name = "madang.deals"
    verbose_name = _("Rights and deals")
