"""Avails of the trade: reading, checking, converting and writing the workbooks and XML files that say what is free."""
