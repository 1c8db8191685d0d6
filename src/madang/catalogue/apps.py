from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Catalogue(AppConfig):
    name = "madang.catalogue"
    verbose_name = _("Catalogue")
