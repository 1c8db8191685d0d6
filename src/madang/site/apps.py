from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Site(AppConfig):
    name = "madang.site"
    verbose_name = _("Site")
