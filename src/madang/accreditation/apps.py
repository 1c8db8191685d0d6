from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Accreditation(AppConfig):
    name = "madang.accreditation"
    verbose_name = _("Accreditation")
