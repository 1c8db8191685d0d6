from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Workbook(AppConfig):
    name = "madang.workbook"
    verbose_name = _("Workbook")
