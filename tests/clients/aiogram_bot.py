"""A small bot on aiogram, to try the stand-in with a client that has nothing to do with ours: echo, buttons, edits, topics, copies.

Takes TELEGRAM_API_URL, TELEGRAM_TOKEN and STAFF_GROUP from the environment, and runs until it is killed.
"""
import asyncio
import os

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters

GROUP = int(os.environ["STAFF_GROUP"])
dispatcher = Dispatcher()
customers = F.chat.type == "private"
topics, chats = {}, {}


def units(text):
    return len(text.encode("utf-16-le")) // 2


async def refusal(request):
    """What a request is refused with."""
    try:
        await request
        return "not refused"
    except TelegramAPIError as error:
        return error.message


@dispatcher.message(customers, Command("start"))
async def start(message):
    name = message.from_user.first_name
    bold = MessageEntity(type="bold", offset=units("Hello "), length=units(name))
    rows = [[InlineKeyboardButton(text=text, callback_data=text.lower()) for text in ("Yes", "No")]]
    await message.answer(f"Hello {name}!", entities=[bold], reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))


@dispatcher.message(customers, Command("refusals"))
async def refusals(message, bot):
    said = [
        await refusal(message.answer("x" * 4097)),
        await refusal(bot.send_message(GROUP, "x", message_thread_id=987654)),
        await refusal(bot.send_message(12345678, "x")),
        await refusal(bot.delete_message(message.chat.id, 987654)),
    ]
    await message.answer("\n".join(said))


@dispatcher.message(customers, F.photo)
async def photo(message, bot):
    topic = topics.get(message.chat.id)
    if topic is None:
        created = await bot.create_forum_topic(GROUP, f"Customer {message.from_user.first_name}")
        topic = topics[message.chat.id] = created.message_thread_id
        chats[topic] = message.chat.id
        await bot.send_message(GROUP, "A new customer", message_thread_id=topic)
    await bot.copy_message(GROUP, message.chat.id, message.message_id, message_thread_id=topic)
    await message.answer("Copied.")


@dispatcher.message(customers, F.text)
async def echo(message, bot):
    await bot.send_chat_action(message.chat.id, "typing")
    quoted = ReplyParameters(message_id=message.message_id)
    await message.answer(f"You said: {message.text}", reply_parameters=quoted)


@dispatcher.edited_message(customers)
async def edited(message):
    await message.answer(f"You meant: {message.text}")


@dispatcher.callback_query()
async def pressed(query, bot):
    await query.answer("Noted")
    await query.message.edit_text(f"You chose {query.data}.")
    again = await refusal(query.message.edit_text(f"You chose {query.data}."))
    await bot.send_message(query.message.chat.id, again)


@dispatcher.message(F.chat.id == GROUP, F.text)
async def answer(message, bot):
    if message.message_thread_id in chats:
        await bot.copy_message(chats[message.message_thread_id], GROUP, message.message_id)


async def main():
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["TELEGRAM_TOKEN"], session=AiohttpSession(api=server))
    await bot.delete_webhook()
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    await dispatcher.start_polling(bot, handle_signals=False)


asyncio.run(main())
