from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Programming(AppConfig):
    name = "madang.programming"
    verbose_name = _("Programming")
