"""Where the fields of amounts were: they are in the kit, for all apps."""

from madang.kit.fields import AmountField, CurrencyField

__all__ = ["AmountField", "CurrencyField"]
