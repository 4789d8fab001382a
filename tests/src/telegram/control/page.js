// The page of the stand-in: draws what /control/view says, and does deeds by /control/deed.
let who = 0, topicId = 1, agentId = 0;
const replies = { customer: null, staff: null }, seen = {}, toasted = new Set();
const MEDIA = ["album", "photo", "document", "video", "voice", "audio", "video_note", "animation", "sticker", "location", "contact", "dice"];

// Offsets of entities count UTF-16 units, as strings do here.
const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", text_link: "a", url: "a" };
function words(text, entities) {
  const whole = element("div", "text");
  let at = 0;
  for (const entity of entities) {
    if (entity.offset < at || !STYLES[entity.type]) continue;
    whole.append(text.slice(at, entity.offset));
    at = entity.offset + entity.length;
    const part = element(STYLES[entity.type], "", text.slice(entity.offset, at));
    if (part.tagName === "A") part.title = entity.url ?? part.textContent;
    whole.append(part);
  }
  whole.append(text.slice(at));
  return whole;
}

function keys(message, press) {
  const all = element("div", "keys");
  for (const button of message.buttons) {
    while (all.children.length <= button.row) all.append(element("div"));
    const key = element("button", "", button.label + (button.url ? " ↗" : ""));
    key.type = "button";
    key.onclick = () => (button.data === null ? toast(button.url) : press(message, button.data));
    all.children[button.row].append(key);
  }
  return all;
}

function bubble(message, all, own, side) {
  if (message.service) return element("div", "message service", `${message.from}: ${message.service.replaceAll("_", " ")}`);
  const box = element("div", "message" + (own ? " own" : ""));
  box.append(element("div", "from", message.from + (message.forwarded ? " (forwarded)" : "")));
  const quoted = all.find((other) => other.id === message.reply_to);
  if (message.reply_to) box.append(element("div", "quote", quoted ? quoted.text || quoted.media : "a message that has gone"));
  if (message.media) box.append(element("div", "media", message.media.replace("_", " ")));
  if (message.text) box.append(words(message.text, message.entities));
  const chat = side === "customer" ? who : group().id;
  const from = side === "customer" ? who : agentId;
  if (message.buttons.length) box.append(keys(message, (of, data) => deed("press", { chat, from, message: of.id, data })));
  box.append(foot(message, own, side, chat, from));
  return box;
}

function foot(message, own, side, chat, from) {
  const line = element("div", "foot", `${message.id}${message.edited ? " edited" : ""}${message.copied ? " copy" : ""} ${message.reaction ?? ""}`);
  const link = (text, act) => {
    const made = element("a", "", text);
    made.tabIndex = 0;
    made.onclick = act;
    made.onkeydown = (event) => event.key === "Enter" && act();
    line.append(made);
  };
  link("reply", () => answering(side, message));
  if (own) link("edit", () => {
    const text = prompt("Edit", message.text);
    if (text !== null) deed("edit", { chat, from, message: message.id, text });
  });
  if (own) link("delete", () => deed("delete", { chat, message: message.id }));
  return line;
}

function answering(side, message) {
  replies[side] = message?.id ?? null;
  const line = $(side + "-form").querySelector(".reply");
  line.hidden = !message;
  line.textContent = message ? `Answers ${message.id}: ${message.text || message.media}   ✕` : "";
  if (message) $(side + "-form").querySelector(".text").focus();
}

const command = () => `TELEGRAM_TOKEN=${view.token} TELEGRAM_API_URL=${location.origin} TELEGRAM_STAFF=${group()?.id ?? ""} cargo run -p bot-telegram`;
const customer = () => view.customers.find((one) => one.id === who);
const group = () => view.groups[0];
const topic = () => group().topics.find((one) => one.id === topicId);

function draw() {
  if (!customer()) who = view.customers[0]?.id ?? 0;
  options($("who"), view.customers.map((one) => [one.id, `${one.name} (${one.language ?? "?"})`]), who);
  const chat = customer();
  if (chat) {
    const lines = chat.messages.map((message) => bubble(message, chat.messages, message.from_id === who, "customer"));
    if (chat.typing) lines.push(element("div", "typing", "the bot is typing …"));
    fill($("customer-chat"), lines);
    $("block").textContent = chat.blocked ? "Unblock the bot" : "Block the bot";
  }
  drawStaff();
  drawSide();
}

function drawStaff() {
  const staff = group();
  if (!staff) return;
  if (!topic()) topicId = 1;
  if (!staff.agents.some((one) => one.id === agentId)) agentId = staff.agents[0]?.id ?? 0;
  $("title").textContent = staff.title;
  options($("agent"), staff.agents.map((one) => [one.id, one.name]), agentId);
  $("anonymous").checked = staff.agents.find((one) => one.id === agentId)?.anonymous ?? false;
  $("rights").value = staff.bot;
  const now = topic();
  seen[now.id] = now.messages.length;
  $("topics").replaceChildren(...staff.topics.map((one) => {
    const entry = element("button", "", (one.closed ? "🔒 " : "") + one.name);
    if (one.id === topicId) entry.setAttribute("aria-current", "true");
    const fresh = one.messages.length - (seen[one.id] ?? 0);
    if (fresh > 0) entry.append(element("span", "new", fresh));
    entry.onclick = () => { topicId = one.id; answering("staff", null); draw(); };
    return entry;
  }), Object.assign(element("button", "", "＋ topic"), { onclick: () => {
    const name = prompt("Name of the topic");
    if (name) deed("open_topic", { chat: staff.id, from: agentId, name });
  } }));
  $("topic").textContent = now.name;
  $("close").textContent = now.closed ? "Reopen" : "Close";
  $("close").hidden = $("delete").hidden = now.id === 1;
  fill($("topic-chat"), now.messages.map((message) => bubble(message, now.messages, message.from_id === agentId, "staff")));
}

function drawSide() {
  const bot = view.bot;
  $("state").textContent = bot.webhook ? `webhook, ${bot.pending} waiting` : bot.polls ? `the bot polls, ${bot.pending} waiting` : "no bot yet: start one with this command";
  $("pace").checked = bot.pace;
  $("faults").replaceChildren(...view.faults.map((fault) => element("li", "", fault)));
  if (view.faults.length) {
    const clear = element("button", "", "Nothing any more");
    clear.onclick = () => deed("clear_faults");
    $("faults").append(clear);
  }
  $("calls").replaceChildren(...view.calls.map((call) => {
    const line = element("li");
    line.append(element("b", "", call.method), " ", element("span", call.status === 200 ? "" : "bad", call.refusal ?? call.fault ?? call.status));
    line.append(element("small", "", JSON.stringify(call.parameters)));
    return line;
  }));
  for (const answer of view.answers) {
    if (!toasted.has(answer.id)) toast(answer.text);
    toasted.add(answer.id);
  }
}

function form(side, where) {
  const made = $(side + "-form"), text = made.querySelector(".text"), media = made.querySelector(".media");
  options(media, [["", "📎"], ...MEDIA.map((one) => [one, one.replace("_", " ")])], "");
  made.querySelector(".reply").onclick = () => answering(side, null);
  media.onchange = () => {
    deed("send", { ...where(), media: media.value, text: text.value });
    media.value = text.value = "";
  };
  made.onsubmit = (event) => {
    event.preventDefault();
    if (!text.value) return;
    deed("write", { ...where(), text: text.value, reply_to: replies[side] });
    text.value = "";
    answering(side, null);
  };
}

const acts = {
  newCustomer: async () => {
    const name = prompt("Name of the customer"), language = name && prompt("Language of the app", "en");
    if (name) who = await deed("customer", { name, language: language ?? "" });
  },
  newAgent: async () => {
    const name = prompt("Name of the agent");
    if (name) agentId = await deed("agent", { chat: group().id, name });
  },
  block: () => deed("block", { chat: who, blocked: !customer().blocked }),
  closeTopic: () => deed("close_topic", { chat: group().id, from: agentId, topic: topicId, closed: !topic().closed }),
  deleteTopic: () => confirm(`Delete ${topic().name}?`) && deed("delete_topic", { chat: group().id, topic: topicId }),
  minute: () => deed("time", { seconds: 60 }),
};

function wire() {
  form("customer", () => ({ chat: who, from: who }));
  form("staff", () => ({ chat: group().id, from: agentId, topic: topicId }));
  for (const button of document.querySelectorAll("[data-act]")) button.onclick = acts[button.dataset.act];
  $("who").onchange = () => { who = Number($("who").value); answering("customer", null); draw(); };
  $("agent").onchange = () => { agentId = Number($("agent").value); draw(); };
  $("anonymous").onchange = () => deed("anonymous", { chat: group().id, from: agentId, anonymous: $("anonymous").checked });
  $("rights").onchange = () => deed("rights", { chat: group().id, rights: $("rights").value });
  $("pace").onchange = () => deed("pace", { on: $("pace").checked });
  $("command").onclick = () => navigator.clipboard?.writeText($("command").textContent).then(() => toast("Copied"));
  $("fault").onsubmit = (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData($("fault")));
    deed("fault", { ...fields, number: Number(fields.number), times: Number(fields.times) });
  };
}

wire();
follow(() => {
  $("command").textContent = command();
  draw();
});
