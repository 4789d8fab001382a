//! A client library understands every answer and every update.
use bot_tests::telegram::{BOT, Fault, GENERAL, Media, Telegram, What};
use std::future::IntoFuture;
use teloxide_core::Bot;
use teloxide_core::payloads::setters::*;
use teloxide_core::requests::Requester;
use teloxide_core::types::*;
use teloxide_core::{ApiError, RequestError};
use tokio::runtime::Runtime;

const STAFF: i64 = -1001;

fn client(telegram: &Telegram) -> Bot {
    Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap())
}

#[test]
fn teloxide_understands_every_answer() {
    let telegram = Telegram::start().without_pace();
    let staff = telegram.group(STAFF, "Staff");
    staff.agent(10, "Eve").anonymous();
    let ann = telegram.customer(1, "Ann", "en");
    let photo = ann.sends_album(2, "look");
    let bot = client(&telegram);
    Runtime::new().unwrap().block_on(async {
        let me = bot.get_me().await.unwrap();
        assert_eq!((me.id.0, me.username()), (BOT as u64, "shop_test_bot"));
        customer_side(&bot).await;
        staff_side(&bot, &photo).await;
        about_chats(&bot).await;
        set_up(&bot).await;
    });
    let refused: Vec<_> = telegram.calls().into_iter().filter(|call| call.status != 200).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let answers = ann.answers();
    assert_eq!((answers[0].text.as_str(), answers[0].edited, answers[0].labels()), ("edited", true, vec![]));
    assert_eq!(answers[1].media.as_deref(), Some("document"));
}

async fn customer_side(bot: &Bot) {
    let chat = ChatId(1);
    let keys = [[
        InlineKeyboardButton::callback("Yes", "y"),
        InlineKeyboardButton::url("Shop", "https://example.org".parse().unwrap()),
    ]];
    let sent = bot
        .send_message(chat, "bold *no*")
        .entities([MessageEntity::bold(0, 4)])
        .reply_markup(InlineKeyboardMarkup::new(keys))
        .reply_parameters(ReplyParameters::new(MessageId(1)))
        .link_preview_options(LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        })
        .await
        .unwrap();
    assert_eq!(sent.reply_to_message().unwrap().id, MessageId(1));
    assert_eq!(sent.entities().unwrap().len(), 1);
    let nothing = InlineKeyboardMarkup::default();
    bot.edit_message_reply_markup(chat, sent.id).reply_markup(nothing).await.unwrap();
    bot.edit_message_text(chat, sent.id, "edited").await.unwrap();
    bot.send_chat_action(chat, ChatAction::Typing).await.unwrap();
    bot.send_document(chat, InputFile::memory("a,b").file_name("list.csv")).caption("a list").await.unwrap();
    bot.set_message_reaction(chat, MessageId(1))
        .reaction([ReactionType::Emoji { emoji: "👍".to_owned() }])
        .await
        .unwrap();
    bot.forward_message(chat, chat, MessageId(1)).await.unwrap();
}

async fn staff_side(bot: &Bot, photos: &[i64]) {
    let staff = ChatId(STAFF);
    let topic = bot.create_forum_topic(staff, "#1 Ann").await.unwrap();
    let card = bot.send_message(staff, "card").message_thread_id(topic.thread_id).await.unwrap();
    assert_eq!(card.thread_id, Some(topic.thread_id));
    let ids = photos.iter().map(|id| MessageId(*id as i32));
    let copies = bot.copy_messages(staff, ChatId(1), ids).message_thread_id(topic.thread_id).await.unwrap();
    assert_eq!(copies.len(), 2);
    bot.copy_message(staff, ChatId(1), MessageId(1)).message_thread_id(topic.thread_id).await.unwrap();
    bot.edit_forum_topic(staff, topic.thread_id).name("#1 Ann Lee").await.unwrap();
    bot.close_forum_topic(staff, topic.thread_id).await.unwrap();
    bot.reopen_forum_topic(staff, topic.thread_id).await.unwrap();
    bot.delete_messages(staff, copies).await.unwrap();
    bot.delete_message(staff, card.id).await.unwrap();
    bot.delete_forum_topic(staff, topic.thread_id).await.unwrap();
}

async fn about_chats(bot: &Bot) {
    let staff = ChatId(STAFF);
    let group = bot.get_chat(staff).await.unwrap();
    assert!(group.is_supergroup() && group.title() == Some("Staff"));
    assert!(bot.get_chat(ChatId(1)).await.unwrap().is_private());
    let own = bot.get_chat_member(staff, UserId(BOT as u64)).await.unwrap();
    assert!(matches!(own.kind, ChatMemberKind::Administrator(Administrator { can_manage_topics: true, .. })));
    assert!(bot.get_chat_member(staff, UserId(1)).await.unwrap().is_left());
    assert_eq!(bot.get_chat_administrators(staff).await.unwrap().len(), 3);
}

async fn set_up(bot: &Bot) {
    let help = [BotCommand::new("help", "What I can do")];
    let private = || BotCommandScope::AllPrivateChats;
    bot.set_my_commands(help.clone()).scope(private()).language_code("de").await.unwrap();
    assert_eq!(bot.get_my_commands().scope(private()).language_code("de").await.unwrap(), help);
    bot.delete_my_commands().scope(private()).language_code("de").await.unwrap();
    let hook = "http://127.0.0.1:9/".parse().unwrap();
    bot.set_webhook(hook)
        .secret_token("abc")
        .allowed_updates([AllowedUpdate::Message])
        .max_connections(5)
        .await
        .unwrap();
    let info = bot.get_webhook_info().await.unwrap();
    assert_eq!((info.max_connections, info.allowed_updates.unwrap().len()), (Some(5), 1));
    bot.delete_webhook().await.unwrap();
}

#[test]
fn teloxide_understands_every_update() {
    let telegram = Telegram::start().without_pace();
    let bot = client(&telegram);
    let runtime = Runtime::new().unwrap();
    let wanted = [
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
        AllowedUpdate::MessageReaction,
    ];
    runtime.block_on(bot.get_updates().allowed_updates(wanted).into_future()).unwrap();
    everything_happens(&telegram, &bot, &runtime);
    let updates = runtime.block_on(bot.get_updates().into_future()).unwrap();
    assert_eq!(updates.len(), telegram.pending());
    for update in updates {
        let known = match &update.kind {
            UpdateKind::Error(_) => false,
            UpdateKind::Message(message) | UpdateKind::EditedMessage(message) => known(message),
            _ => true,
        };
        assert!(known, "{update:?}");
    }
}

/// It isn't what is left when nothing else fits.
fn known(message: &Message) -> bool {
    // The library has no kind of its own for migrations: they come as common messages of that kind.
    !matches!(message.kind, MessageKind::Empty {})
}

fn everything_happens(telegram: &Telegram, bot: &Bot, runtime: &Runtime) {
    let ann = telegram.customer(1, "Ann", "en");
    let first = ann.writes("/start abc");
    Media::ALL.iter().for_each(|media| {
        ann.sends(*media, "words");
    });
    ann.sends_album(2, "");
    ann.edits(first, "edited");
    ann.replies(first, "to myself");
    ann.forwards("Zoe", "her words");
    ann.reacts(first, "👍");
    let keys = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Yes", "y")]]);
    runtime.block_on(bot.send_message(ChatId(1), "sure?").reply_markup(keys).into_future()).unwrap();
    ann.presses("Yes");
    ann.blocks();
    ann.unblocks();
    let staff = telegram.group(STAFF, "Staff");
    let eve = staff.agent(10, "Eve");
    let topic = eve.opens_topic("Ann");
    let said = eve.writes(topic, "hello");
    eve.edits(said, "hello!");
    eve.replies(said, "yes?");
    eve.sends(topic, Media::Photo, "this one");
    eve.writes(GENERAL, "coffee?");
    eve.renames_topic(topic, "Ann Lee");
    eve.closes_topic(topic);
    eve.reopens_topic(topic);
    eve.leaves();
    eve.joins();
    eve.anonymous();
    eve.writes(topic, "as the group");
    staff.kicks_bot();
    staff.promotes_bot();
    staff.migrates();
}

#[test]
fn teloxide_knows_the_refusals() {
    let telegram = Telegram::start();
    let bot = client(&telegram);
    telegram.group(STAFF, "Staff").migrates();
    telegram.customer(1, "Ann", "en").blocks();
    let runtime = Runtime::new().unwrap();
    let say = |chat| runtime.block_on(bot.send_message(ChatId(chat), "x").into_future()).unwrap_err();
    assert!(matches!(say(1), RequestError::Api(ApiError::BotBlocked)));
    assert!(matches!(say(99), RequestError::Api(ApiError::ChatNotFound)));
    assert!(matches!(say(STAFF), RequestError::MigrateToChatId(_)));
    telegram.order(Fault::on("sendMessage", What::TooManyRequests(3)));
    assert!(matches!(say(1), RequestError::RetryAfter(wait) if wait.seconds() == 3));
    for what in [What::DropBefore, What::DropAfterEffect] {
        telegram.order(Fault::on("sendMessage", what));
        assert!(matches!(say(1), RequestError::Network(_)));
    }
}
