"""The Python client against one endpoint: what it lists, what an allowed call answers, how a denied one fails.

    python tests/clients/python.py URL KEY auto|legacy [PREFIX]

Prints one JSON object. The endpoint is expected to allow `test_simple_text` and to deny `delete_everything`, both under names
that begin with PREFIX.
"""

import asyncio
import json
import sys

import httpx2
import mcp
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError


async def look(url: str, key: str, mode: str, prefix: str = "") -> dict[str, object]:
    http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=20)
    async with http, mcp.Client(streamable_http_client(url, http_client=http), mode=mode) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
        allowed = await client.call_tool(f"{prefix}test_simple_text", {})
        try:
            await client.call_tool(f"{prefix}delete_everything", {})
            denied = None
        except MCPError as refusal:
            denied = refusal.error.code
        return {
            "protocol": client.protocol_version,
            "listed": listed,
            "allowed": allowed.content[0].text,
            "denied": denied,
        }


print(json.dumps(asyncio.run(look(*sys.argv[1:]))))
