"""A small bot on discord.py, to try the stand-in with a client that has nothing to do with ours: echo, edits, buttons, a select
menu, a form, slash commands, files, threads.

Takes DISCORD_API_URL, DISCORD_TOKEN, STAFF_CHANNEL and AGENT from the environment, and runs until it is killed.
"""
import io
import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["DISCORD_API_URL"]
STAFF, AGENT = int(os.environ["STAFF_CHANNEL"]), int(os.environ["AGENT"])
QUIET = discord.AllowedMentions.none()


async def refusal(request):
    """What a request is refused with."""
    try:
        await request
        return "not refused"
    except discord.HTTPException as error:
        return f"{error.status} {error.code} " + "; ".join(error.text.splitlines())


class Reason(discord.ui.Modal, title="Tell us more"):
    reason = discord.ui.TextInput(label="Why?", custom_id="reason", style=discord.TextStyle.paragraph, max_length=200)

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"Because: {self.reason.value}")


class Choice(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)

    @discord.ui.button(label="Yes", style=discord.ButtonStyle.primary, custom_id="yes")
    async def yes(self, interaction, _):
        await interaction.response.defer()
        await interaction.edit_original_response(content="You chose yes.", view=None)
        await interaction.followup.send("Noted", ephemeral=True)

    @discord.ui.button(label="No", custom_id="no")
    async def no(self, interaction, _):
        await interaction.response.send_modal(Reason())
        await interaction.followup.send("Please say why.", ephemeral=True)

    @discord.ui.select(
        placeholder="Size",
        custom_id="size",
        options=[discord.SelectOption(label="Small", value="s"), discord.SelectOption(label="Large", value="l")],
    )
    async def size(self, interaction, select):
        await interaction.response.edit_message(content=f"Size {select.values[0]}", view=None)


class Bot(discord.Client):
    def __init__(self):
        intents = discord.Intents(guilds=True, messages=True, message_content=True)
        super().__init__(intents=intents, allowed_mentions=QUIET)
        self.tree = app_commands.CommandTree(self)
        self.threads, self.customers = {}, {}

    async def setup_hook(self):
        gateway = await self.http.request(Route("GET", "/gateway/bot"))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
        await self.tree.sync()
        # Known before it is sent: a press may be faster than the answer to the request that sends it.
        self.add_view(Choice())

    async def on_message(self, message):
        if message.author == self.user:
            return
        if message.channel.id in self.customers:
            files = [await attachment.to_file() for attachment in message.attachments]
            await self.customers[message.channel.id].send(message.content, files=files)
            return
        if message.guild and not self.user.mentioned_in(message):
            return
        await self.answers(message)

    async def answers(self, message):
        text = message.content
        if text == "hello":
            await message.channel.send(f"Hello **{message.author.display_name}**!", view=Choice())
        elif text == "refusals":
            await message.channel.send("\n".join(await self.refusals(message)))
        elif message.attachments:
            read = await message.attachments[0].read()
            copy = discord.File(io.BytesIO(read), filename=f"copy-{message.attachments[0].filename}")
            await message.channel.send(f"{len(read)} bytes", file=copy)
        elif text == "human":
            await self.hands_over(message)
        else:
            async with message.channel.typing():
                await message.reply(f"You said: {message.clean_content}", mention_author=False)

    async def hands_over(self, message):
        staff = self.get_channel(STAFF)
        private = discord.ChannelType.private_thread
        thread = await staff.create_thread(name=f"Customer {message.author.display_name}", type=private)
        self.threads[message.author.id], self.customers[thread.id] = thread, message.channel
        await thread.add_user(discord.Object(AGENT))
        await thread.send("A new customer")
        await message.channel.send("Somebody will be with you.")

    async def refusals(self, message):
        channel = message.channel
        stranger = self.get_partial_messageable(12345678)
        return [
            await refusal(channel.send("x" * 2001)),
            await refusal(channel.send("")),
            await refusal(stranger.send("x")),
            await refusal(channel.get_partial_message(987654).delete()),
            await refusal(message.edit(content="mine")),
        ]

    async def on_message_edit(self, before, after):
        if after.author != self.user and before.content != after.content:
            await after.channel.send(f"You meant: {after.content}")

    async def on_raw_message_delete(self, event):
        if event.guild_id is None:
            await self.get_partial_messageable(event.channel_id).send("You took that back.")


bot = Bot()


@bot.tree.command(description="Says what there is")
async def topics(interaction: discord.Interaction):
    await interaction.response.send_message(f"Everything, in {interaction.locale}", ephemeral=True)


@bot.tree.command(description="Takes its time")
async def slow(interaction: discord.Interaction, what: str):
    await interaction.response.defer(thinking=True)
    await interaction.followup.send(f"Slowly: {what}")


bot.run(os.environ["DISCORD_TOKEN"], log_level=30)
