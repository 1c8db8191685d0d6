from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Seating(AppConfig):
    name = "madang.seating"
    verbose_name = _("Seats")
