"""The same small bot on python-telegram-bot: echo, buttons, edits, topics, copies.

Takes TELEGRAM_API_URL, TELEGRAM_TOKEN and STAFF_GROUP from the environment, and runs until it is killed.
"""
import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

GROUP = int(os.environ["STAFF_GROUP"])
customers = filters.ChatType.PRIVATE
topics, chats = {}, {}


def units(text):
    return len(text.encode("utf-16-le")) // 2


async def refusal(request):
    """What a request is refused with."""
    try:
        await request
        return "not refused"
    except TelegramError as error:
        return error.message


async def start(update, context):
    name = update.effective_user.first_name
    bold = MessageEntity("bold", units("Hello "), units(name))
    rows = [[InlineKeyboardButton(text, callback_data=text.lower()) for text in ("Yes", "No")]]
    await update.message.reply_text(f"Hello {name}!", entities=[bold], reply_markup=InlineKeyboardMarkup(rows))


async def refusals(update, context):
    bot, chat = context.bot, update.effective_chat.id
    said = [
        await refusal(bot.send_message(chat, "x" * 4097)),
        await refusal(bot.send_message(GROUP, "x", message_thread_id=987654)),
        await refusal(bot.send_message(12345678, "x")),
        await refusal(bot.delete_message(chat, 987654)),
    ]
    await update.message.reply_text("\n".join(said))


async def photo(update, context):
    bot, chat, message = context.bot, update.effective_chat.id, update.message
    topic = topics.get(chat)
    if topic is None:
        created = await bot.create_forum_topic(GROUP, f"Customer {update.effective_user.first_name}")
        topic = topics[chat] = created.message_thread_id
        chats[topic] = chat
        await bot.send_message(GROUP, "A new customer", message_thread_id=topic)
    await bot.copy_message(GROUP, chat, message.message_id, message_thread_id=topic)
    await bot.send_message(chat, "Copied.")


async def echo(update, context):
    chat, message = update.effective_chat.id, update.message
    await context.bot.send_chat_action(chat, "typing")
    quoted = ReplyParameters(message.message_id)
    await context.bot.send_message(chat, f"You said: {message.text}", reply_parameters=quoted)


async def edited(update, context):
    await context.bot.send_message(update.effective_chat.id, f"You meant: {update.edited_message.text}")


async def pressed(update, context):
    query = update.callback_query
    await query.answer("Noted")
    await query.edit_message_text(f"You chose {query.data}.")
    again = await refusal(query.edit_message_text(f"You chose {query.data}."))
    await context.bot.send_message(query.message.chat.id, again)


async def answer(update, context):
    message = update.message
    if message.message_thread_id in chats:
        await context.bot.copy_message(chats[message.message_thread_id], GROUP, message.message_id)


async def begin(application):
    await application.bot.set_my_commands([("start", "Begin")])


def main():
    url = os.environ["TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_TOKEN"]).base_url(f"{url}/bot")
    application = builder.post_init(begin).build()
    new = filters.UpdateType.MESSAGE & customers
    application.add_handler(CommandHandler("start", start, new))
    application.add_handler(CommandHandler("refusals", refusals, new))
    application.add_handler(MessageHandler(new & filters.PHOTO, photo))
    application.add_handler(MessageHandler(new & filters.TEXT, echo))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & customers, edited))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.Chat(GROUP) & filters.TEXT, answer))
    application.run_polling(stop_signals=None, allowed_updates=Update.ALL_TYPES)


main()
