// The page of the stand-in: draws what /control/view says, and does deeds by /control/deed.
const sides = { customer: { who: "", where: "", reply: null }, staff: { who: "", where: "", reply: null } };
const seen = {};

const people = (side) => (side === "customer" ? view.customers : view.agents);
const person = (side) => people(side).find((one) => one.id === sides[side].who);
const channel = (side) => person(side)?.channels.find((one) => one.id === sides[side].where);
const here = (side) => ({ from: sides[side].who, channel: sides[side].where || null });
const command = () => `DISCORD_TOKEN=${view.token} DISCORD_API_URL=${location.origin}/api/v10 DISCORD_STAFF=${view.guild?.staff ?? ""} cargo run -p bot-discord`;

// Enough of Discord's marks to read what was written.
const MARKS = [[/\*\*([^*]+)\*\*/, "b"], [/__([^_]+)__/, "u"], [/~~([^~]+)~~/, "s"], [/`([^`]+)`/, "code"], [/\*([^*]+)\*/, "i"], [/\|\|([^|]+)\|\|/, "mark"]];
function words(text) {
  const whole = element("div", "text");
  while (text) {
    const found = MARKS.map(([mark, tag]) => [mark.exec(text), tag]).filter(([at]) => at && text[at.index - 1] !== "\\").sort((a, b) => a[0].index - b[0].index)[0];
    if (!found) break;
    whole.append(text.slice(0, found[0].index).replace(/\\([^\w\s])/g, "$1"), element(found[1], "", found[0][1]));
    text = text.slice(found[0].index + found[0][0].length);
  }
  whole.append(text.replace(/\\([^\w\s])/g, "$1"));
  return whole;
}

function keys(message, side) {
  const all = element("div", "keys");
  for (const button of message.buttons) {
    while (all.children.length <= button.row) all.append(element("div"));
    const key = element("button", button.style === 4 ? "bad" : "", button.label + (button.url ? " ↗" : ""));
    key.type = "button";
    key.disabled = button.disabled;
    key.onclick = () => (button.id === null ? toast(button.url) : deed("press", { ...here(side), message: message.id, id: button.id }));
    all.children[button.row].append(key);
  }
  for (const select of message.selects) {
    const menu = element("select");
    options(menu, [["", select.placeholder || "Choose"], ...select.options.map(([label, value]) => [value, label])], "");
    menu.onchange = () => deed("pick", { ...here(side), message: message.id, id: select.id, values: { value: menu.value } });
    all.append(menu);
  }
  return all;
}

const SERVICE = { 1: "was added", 4: "renamed it to", 18: "opened a thread", 21: "began with a message" };
function bubble(message, all, side) {
  if (SERVICE[message.kind]) return element("div", "message service", `${message.from} ${SERVICE[message.kind]} ${message.text}`);
  const own = message.from_id === sides[side].who;
  const box = element("div", "message" + (own ? " own" : ""));
  box.append(element("div", "from", message.from + (message.hidden ? " (only you see this)" : "")));
  if (message.reply_to) {
    const quoted = all.find((other) => other.id === message.reply_to);
    box.append(element("div", "quote", quoted ? quoted.text || quoted.files.join(" ") : "a message that has gone"));
  }
  for (const file of message.files) box.append(element("div", "media", file));
  if (message.loading) box.append(element("div", "typing", "is thinking …"));
  if (message.text) box.append(words(message.text));
  for (const embed of message.embeds) {
    box.append(element("div", "quote", [embed.title, embed.description, ...(embed.fields ?? []).map((one) => `${one.name}: ${one.value}`)].filter(Boolean).join("\n")));
  }
  if (message.buttons.length || message.selects.length) box.append(keys(message, side));
  box.append(foot(message, own, side));
  return box;
}

function foot(message, own, side) {
  const line = element("div", "foot", `${message.edited ? "edited " : ""}${message.reactions.join("")}`);
  const link = (text, act) => {
    const made = element("a", "", text);
    made.tabIndex = 0;
    made.onclick = act;
    made.onkeydown = (event) => event.key === "Enter" && act();
    line.append(made);
  };
  link("reply", () => answering(side, message));
  link("👍", () => deed("react", { ...here(side), message: message.id, text: "👍" }));
  if (own) link("edit", () => {
    const text = prompt("Edit", message.text);
    if (text !== null) deed("edit", { ...here(side), message: message.id, text });
  });
  if (own) link("delete", () => deed("delete", { ...here(side), message: message.id }));
  return line;
}

function answering(side, message) {
  sides[side].reply = message?.id ?? null;
  const line = $(side + "-form").querySelector(".reply");
  line.hidden = !message;
  line.textContent = message ? `Answers ${message.text || message.files.join(" ")}   ✕` : "";
  if (message) $(side + "-form").querySelector(".text").focus();
}

function drawChat(side) {
  const place = channel(side);
  const lines = (place?.messages ?? []).map((message) => bubble(message, place.messages, side));
  if (place?.typing) lines.push(element("div", "typing", "the bot is typing …"));
  fill($(side + "-chat"), lines);
  const menu = $(side + "-form").querySelector(".commands");
  if (document.activeElement !== menu) options(menu, [["", "/"], ...(place?.commands ?? []).map((name) => [name, "/" + name])], "");
  if (place) seen[place.id] = place.messages.length;
}

function choose(side) {
  if (!person(side)) sides[side].who = people(side)[0]?.id ?? "";
  options($(side + "-who"), people(side).map((one) => [one.id, one.name + (side === "customer" ? ` (${one.locale})` : "")]), sides[side].who);
  const known = person(side)?.channels ?? [];
  const first = side === "staff" ? view.guild?.staff : known.find((one) => one.name === "direct")?.id;
  if (!channel(side)) sides[side].where = first ?? known[0]?.id ?? "";
}

function draw() {
  choose("customer");
  choose("staff");
  options($("customer-where"), (person("customer")?.channels ?? []).map((one) => [one.id, (one.thread ? "🧵 " : "# ") + one.name]), sides.customer.where);
  $("close").textContent = person("customer")?.closed ? "Open direct messages" : "Close direct messages";
  drawChat("customer");
  drawStaff();
  drawChat("staff");
  drawSide();
  drawForm();
}

function drawStaff() {
  const now = channel("staff");
  $("title").textContent = view.guild?.name ?? "";
  $("in").checked = view.bot.in;
  const all = (person("staff")?.channels ?? []).filter((one) => one.name !== "direct");
  $("channels").replaceChildren(...all.map((one) => {
    const entry = element("button", "", (one.thread ? (one.archived ? "📦 " : "🧵 ") : "# ") + (one.locked ? "🔒 " : "") + one.name);
    if (one === now) entry.setAttribute("aria-current", "true");
    const fresh = one.messages.length - (seen[one.id] ?? 0);
    if (fresh > 0 && one !== now) entry.append(element("span", "new", fresh));
    entry.onclick = () => { sides.staff.where = one.id; answering("staff", null); draw(); };
    return entry;
  }), Object.assign(element("button", "", "＋ thread"), { onclick: () => {
    const text = prompt("Name of the thread");
    if (text) deed("open_thread", { from: sides.staff.who, channel: view.guild.staff, text, on: false });
  } }));
  $("channel").textContent = now?.name ?? "";
  $("archive").textContent = now?.archived ? "Open again" : "Archive";
  $("lock").textContent = now?.locked ? "Unlock" : "Lock";
  for (const id of ["archive", "lock", "delete"]) $(id).hidden = !now?.thread;
}

function drawSide() {
  $("state").textContent = view.bot.ready ? "the bot is connected" : "no bot yet: start one with this command";
  $("pace").checked = view.bot.pace;
  $("faults").replaceChildren(...view.faults.map((fault) => element("li", "", fault)));
  if (view.faults.length) $("faults").append(Object.assign(element("button", "", "Nothing any more"), { onclick: () => deed("clear_faults") }));
  $("calls").replaceChildren(...view.calls.map((call) => {
    const line = element("li");
    line.append(element("b", "", call.what), " ", element("span", call.status < 300 && call.status ? "" : "bad", call.refusal ?? call.fault ?? call.status));
    line.append(element("small", "", JSON.stringify(call.body)));
    return line;
  }));
}

// A form that the bot shows stands above all else.
function drawForm() {
  const side = ["customer", "staff"].find((one) => channel(one)?.form);
  const box = $("modal");
  if (!side) return box.close();
  if (box.open) return;
  const asked = channel(side).form;
  const made = element("form");
  made.method = "dialog";
  made.append(element("h2", "", asked.title));
  for (const row of asked.components) {
    const input = row.component ?? row.components[0];
    const label = element("label", "", row.label ?? input.label);
    const field = Object.assign(document.createElement(input.style === 2 ? "textarea" : "input"), { name: input.custom_id, value: input.value ?? "", placeholder: input.placeholder ?? "" });
    label.append(field);
    made.append(label, document.createElement("br"));
  }
  const send = element("button", "", "Send"), away = element("button", "", "Cancel");
  send.onclick = () => deed("submit", { ...here(side), values: Object.fromEntries(new FormData(made)) });
  away.onclick = () => deed("close_form", here(side));
  made.append(send, away);
  box.replaceChildren(made);
  box.showModal();
}

function form(side) {
  const made = $(side + "-form"), text = made.querySelector(".text");
  made.querySelector(".reply").onclick = () => answering(side, null);
  made.querySelector(".file").onclick = () => {
    const kind = prompt("Name of the file", "photo.png");
    if (kind) deed("send", { ...here(side), kind, text: text.value });
    text.value = "";
  };
  made.querySelector(".commands").onchange = (event) => {
    const name = event.target.value;
    event.target.value = "";
    const given = name && prompt(`Options of /${name} as name=value; a subcommand after the name`, name);
    if (!given) return;
    const parts = given.split(/\s+(?=\S+=)/);
    deed("command", { ...here(side), text: parts[0], values: Object.fromEntries(parts.slice(1).map((one) => one.split(/=(.*)/s))) });
  };
  made.onsubmit = (event) => {
    event.preventDefault();
    if (!text.value) return;
    deed("write", { ...here(side), text: text.value, message: sides[side].reply });
    text.value = "";
    answering(side, null);
  };
  $(side + "-who").onchange = (event) => { sides[side].who = event.target.value; sides[side].where = ""; answering(side, null); draw(); };
}

const acts = {
  newCustomer: async () => {
    const text = prompt("Name of the customer"), kind = text && prompt("Language of the app", "en");
    if (text) sides.customer.who = await deed("customer", { text, kind: kind ?? "" });
  },
  newAgent: async () => {
    const text = prompt("Name of the agent");
    if (text) sides.staff.who = await deed("agent", { text });
  },
  close: () => deed("close_dms", { from: sides.customer.who, on: !person("customer").closed }),
  archive: () => deed("archive", { ...here("staff"), on: !channel("staff").archived }),
  lock: () => deed("lock", { ...here("staff"), on: !channel("staff").locked }),
  deleteThread: () => confirm(`Delete ${channel("staff").name}?`) && deed("delete_thread", here("staff")),
  minute: () => deed("time", { number: 60 }),
};

function wire() {
  form("customer");
  form("staff");
  for (const button of document.querySelectorAll("[data-act]")) button.onclick = acts[button.dataset.act];
  $("customer-where").onchange = () => { sides.customer.where = $("customer-where").value; answering("customer", null); draw(); };
  $("in").onchange = () => deed("bot", { on: $("in").checked });
  $("pace").onchange = () => deed("pace", { on: $("pace").checked });
  $("command").onclick = () => navigator.clipboard?.writeText($("command").textContent).then(() => toast("Copied"));
  $("fault").onsubmit = (event) => {
    event.preventDefault();
    const { kind, route, number, times } = Object.fromEntries(new FormData($("fault")));
    const socket = kind.startsWith("socket:");
    deed(socket ? "socket_fault" : "fault", { kind: kind.replace("socket:", ""), route, number: Number(number), times: Number(times) });
  };
}

wire();
follow(() => {
  $("command").textContent = command();
  draw();
});
