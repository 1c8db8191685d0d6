from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Door(AppConfig):
    name = "madang.door"
    verbose_name = _("The door")
