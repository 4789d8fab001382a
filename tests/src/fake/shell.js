// What the pages of the stand-ins have in common: elements, deeds, the wait for news.
const $ = (id) => document.getElementById(id);
let view = null, version = 0;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function deed(does, more) {
  const body = JSON.stringify({ do: does, ...more });
  const answer = await fetch("/control/deed", { method: "POST", headers: { "content-type": "application/json" }, body });
  const result = answer.headers.get("content-type")?.includes("json") ? await answer.json() : await answer.text();
  if (!answer.ok) toast(result);
  return result;
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

function fill(box, nodes) {
  const end = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...nodes);
  if (end) box.scrollTop = box.scrollHeight;
}

function options(select, list, chosen) {
  select.replaceChildren(...list.map(([value, text]) => new Option(text, value, false, value === chosen)));
}

// Asks for what there is, over and over, and shows it.
async function follow(show) {
  for (;;) {
    try {
      view = await (await fetch(`/control/view?since=${version}`)).json();
      version = view.version;
      show();
    } catch (error) {
      $("state").textContent = "the stand-in has gone";
      await new Promise((again) => setTimeout(again, 1000));
      version = 0;
    }
  }
}
