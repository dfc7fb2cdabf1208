// A phone in a class: it follows what the teacher shows. All text is set as text. What is kept (the name that the server
// gave this phone, and the class) lies in this tab and goes with it.
const $ = (id) => document.getElementById(id);
const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
const base = "/class/";
const root = location.pathname.slice(0, location.pathname.indexOf("/class"));
let code = "";
let phone = "";
let source = null;
let lastHeard = 0;
let state = null;
let asking = false;

const at = (what) => `${root}${base}${encodeURIComponent(code)}/${what}`;

async function send(what, body) {
  const answer = await fetch(at(what), { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

function trouble(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

// Behind a proxy the first answer may name another process than the link does; asked again, the link's holds.
let ledAgain = !new URLSearchParams(location.search).has("at");

async function join(typed) {
  code = typed.trim().toUpperCase();
  let answer;
  try {
    answer = await send("join", { phone: sessionStorage.getItem(`phone-${code}`) || "" });
  } catch {
    $("connection").hidden = false;
    setTimeout(() => join(code), 1000);
    return;
  }
  if (answer.status === 404 && !ledAgain) {
    ledAgain = true;
    await fetch(location.href, { cache: "no-store" }).catch(() => null);
    return join(code);
  }
  if (answer.status !== 200) {
    $("join").hidden = false;
    $("lesson").hidden = true;
    const many = answer.body.error === "the class is full" ? "The class is full." : "That was tried too often. Wait a minute, then try again.";
    trouble(answer.status === 429 ? many : "There is no class with this code now. Look at the screen again.");
    return;
  }
  trouble("");
  phone = answer.body.phone;
  sessionStorage.setItem(`phone-${code}`, phone);
  $("join").hidden = true;
  $("lesson").hidden = false;
  if (!location.pathname.endsWith(`/${code}`)) history.replaceState(null, "", `${root}${base}${code}`);
  follow();
}

function follow() {
  source?.close();
  source = new EventSource(at(`events?phone=${encodeURIComponent(phone)}`));
  lastHeard = Date.now();
  const heard = () => {
    lastHeard = Date.now();
    $("connection").hidden = true;
  };
  source.onmessage = (event) => {
    heard();
    show(JSON.parse(event.data));
  };
  source.addEventListener("alive", heard);
  source.onerror = () => {
    $("connection").hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => join(code), 1000);
  };
}

// A phone that slept, or lost the network without noticing, connects anew.
setInterval(() => {
  if (source && !state?.over && Date.now() - lastHeard > 25000) follow();
}, 5000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && source && !state?.over && Date.now() - lastHeard > 12000) follow();
});
window.addEventListener("online", () => source && !state?.over && follow());

function show(now) {
  state = now;
  if (now.over) {
    source.close();
    sessionStorage.removeItem(`phone-${code}`);
    $("lesson").hidden = true;
    $("join").hidden = false;
    trouble("The class has ended.");
    return;
  }
  check(now);
  if (now.waiting) {
    $("title").textContent = "The class begins in a moment.";
    return;
  }
  $("sentence").replaceChildren(
    ...now.words.map(([text, here]) => (here ? made("mark", { textContent: text }) : text)),
  );
  $("title").textContent = now.title;
  $("says").textContent = now.says;
  $("around").href = `${root}/lessons?lesson=${encodeURIComponent(now.lesson)}&step=${now.step}${now.own ? `&text=${encodeURIComponent(now.own)}` : ""}`;
  $("question").hidden = !now.asks;
  $("asks").textContent = now.asks;
  answers();
}

// The five questions: drawn once a time, so that what is ticked stays while others answer.
function check({ check: asked, scores }) {
  $("check").hidden = !asked;
  $("step").hidden = Boolean(asked);
  const told = Object.entries(scores || {}).map(([when, right]) => `${when} the lessons ${right} of 5`);
  $("scores").hidden = !told.length || Boolean(asked && !asked.done);
  $("scores").textContent = told.length ? `Your five questions, right: ${told.join(", ")}.` : "";
  if (!asked) return;
  const ticked = new Map(JSON.parse(sessionStorage.getItem(ticks(asked.when)) || "[]"));
  const drawn = `${asked.when} ${asked.done}`;
  if ($("check").dataset.drawn === drawn) return;
  $("check").dataset.drawn = drawn;
  $("check-title").textContent = `Five questions, ${asked.when} the lessons`;
  $("check").querySelector("button").hidden = asked.done;
  $("check-outcome").textContent = asked.done ? (asked.right ? "" : "Your answers are in. Which are right is told when they are asked again, after the lessons.") : "";
  $("check-questions").replaceChildren(
    ...(asked.done && !asked.right ? [] : asked.questions).map(([asks, choices], place) => {
      const field = made("fieldset");
      field.append(made("legend", { textContent: `${place + 1}. ${asks}` }));
      if (asked.right) {
        const told = made("p", { textContent: asked.right[place] });
        told.classList.toggle("wrong", asked.right[place].startsWith("✗"));
        field.append(told);
        return field;
      }
      choices.forEach((choice, number) => {
        const label = made("label");
        const input = made("input", { type: "radio", name: `q${place}`, value: number, required: true });
        input.checked = ticked.get(input.name) === input.value;
        label.append(input, ` ${choice}`);
        field.append(label);
      });
      return field;
    }),
  );
}

// What is ticked and not sent yet outlives a reload.
const ticks = (when) => `ticks-${code}-${when}`;
$("check").addEventListener("change", () => sessionStorage.setItem(ticks(state.check.when), JSON.stringify([...new FormData($("check"))])));
$("check").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { when, questions } = state.check;
  const given = new FormData($("check"));
  try {
    const { body } = await send("check", { phone, when, answers: questions.map((_, place) => Number(given.get(`q${place}`))) });
    if (body.counted) {
      sessionStorage.removeItem(ticks(when));
      show(body.state);
    } else $("check-outcome").textContent = "The questions are closed.";
  } catch {
    $("check-outcome").textContent = "No connection. Your answers are still here: tap Done again.";
  }
});

function answers() {
  const { closed, counts, right } = state;
  const all = Math.max(1, ...(counts || [0]));
  $("answers").replaceChildren(
    ...state.answers.map((text, place) => {
      const button = made("button", { type: "button", textContent: text, disabled: closed });
      button.setAttribute("aria-pressed", String(state.mine === place));
      if (closed) {
        const bar = made("i");
        bar.style.width = `${(100 * counts[place]) / all}%`;
        button.append(bar, made("b", { textContent: counts[place] }));
        button.classList.toggle("right", right[0] === place);
      }
      button.addEventListener("click", () => guess(place));
      return button;
    }),
  );
  const mine = state.mine;
  if (!closed) $("outcome").textContent = mine === null ? "" : "Your guess is in. You can change it until the vote is closed.";
  else {
    const verdict = mine === null ? "" : right.includes(mine) ? "You were right. " : "Not this time. ";
    $("outcome").textContent = `${verdict}It is: ${state.answers[right[0]]}. ${state.why}`;
  }
}

async function guess(place) {
  if (asking) return;
  asking = true;
  const number = state.number;
  try {
    for (let turn = 0; turn < 5; turn++) {
      try {
        const { body } = await send("guess", { phone, number, answer: place });
        if (body.counted && state.number === number) {
          state.mine = place;
          answers();
        } else if (!body.counted) $("outcome").textContent = "The vote is closed.";
        return;
      } catch {
        $("outcome").textContent = "No connection; trying again …";
        await new Promise((go) => setTimeout(go, 1000));
      }
    }
    $("outcome").textContent = "No connection. Tap your guess again.";
  } finally {
    asking = false;
  }
}

$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  join($("code").value);
});
$("send").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  try {
    const { body } = await send("sentence", { phone, text });
    if (body.sent) $("text").value = "";
    $("sent").textContent = body.sent ? "Sent. Only the teacher sees it, and decides whether it is shown." : "No more sentences can be sent.";
  } catch {
    $("sent").textContent = "No connection. Your sentence is still here: send it again.";
  }
});

const last = location.pathname.split("/").filter(Boolean).pop() || "";
if (/^[A-Za-z]{4}$/.test(last)) join(last);
else $("join").hidden = false;
