"""aiojellyfin: python aio.py URL password"""

import asyncio

import aiohttp
from aiojellyfin import SessionConfiguration, authenticate_by_name

from outcome import FLOW, PASSWORD, URL, USER, ended


async def sign_in():
    async with aiohttp.ClientSession() as session:
        configuration = SessionConfiguration(
            session=session,
            url=URL,
            app_name="Foreign, client",
            app_version="1.0",
            device_name="Living room, left",
            device_id=f"aiojellyfin-{FLOW}",
        )
        connection = await authenticate_by_name(configuration, USER, PASSWORD)
        me = await connection._session.get_json("/Users/Me", {})
        return me["Id"]


ended(lambda: asyncio.run(sign_in()))
