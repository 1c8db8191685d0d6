"""Avails of the trade: reading, checking, converting and writing the workbooks and XML files in which sellers say what is free."""
