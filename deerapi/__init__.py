"""DeerAPI as Python: what it is asked and what it says back. Knows neither Flask nor the tables.

A module per endpoint family, each a set of plain functions that take the client first:

    client = deerapi.Client("https://api.deerapi.com", key)
    for said in deerapi.chat.stream(client, model="gpt-4o", messages=[{"role": "user", "content": "Hello"}]): ...
"""

from deerapi import chat, errors, models
from deerapi.client import Client, normal_base_url
from deerapi.errors import DeerAPIError
from deerapi.limits import Limits

__all__ = ["Client", "DeerAPIError", "Limits", "chat", "errors", "models", "normal_base_url"]
