from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Meetings(AppConfig):
    name = "madang.meetings"
    verbose_name = _("Meetings")
