// What the page does: it takes the token, fetches the parts that are made on the server, keeps them as the stage is, and
// follows the journal. What a button does is in its attributes: a request of the control API.
'use strict';

const KEY = 'understudy-token';
const PAUSE = 2000; // milliseconds between two pulses
const ROWS = 300; // of the journal, at most
const WHILE = 6000; // milliseconds that a message stays

const byId = id => document.getElementById(id);
const pause = time => new Promise(go => setTimeout(go, time));

/** The token was refused, or there is none. */
class NoToken extends Error {}

/* The token. */

function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return false;
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname);
  return true;
}

const token = () => sessionStorage.getItem(KEY) ?? '';

async function ask(path, init = {}) {
  // A header takes no other characters, and no token has others.
  if (!/^[!-~]+$/.test(token())) throw new NoToken();
  const headers = { ...init.headers, Authorization: `Bearer ${token()}` };
  const answer = await fetch(path, { ...init, headers });
  if (answer.status === 401) throw new NoToken();
  return answer;
}

async function askFor(path) {
  const answer = await ask(path);
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  return answer;
}

/* What is told. */

let silence;
function tell(text, isBad = false) {
  const told = byId('told');
  told.textContent = text;
  told.classList.toggle('failed', isBad);
  clearTimeout(silence);
  if (text && !isBad) silence = setTimeout(() => tell(''), WHILE);
}

/* The parts. */

const tags = new Map();

async function refresh(name) {
  const section = document.querySelector(`[data-part="${name}"]`);
  section.setAttribute('aria-busy', 'true');
  try {
    const part = await (await askFor(`/page/parts/${name}`)).text();
    // What is just being clicked stays until the click is one.
    while (section.matches(':active')) await pause(50);
    put(section, part);
  } finally {
    section.removeAttribute('aria-busy');
  }
}

/** Puts a part in place of what it was, with the focus, what was typed and what was open as they were. */
function put(section, part) {
  const focused = section.contains(document.activeElement) ? document.activeElement : null;
  const typed = [...section.querySelectorAll('input[id]')].map(input => [input.id, input.value]);
  const open = [...section.querySelectorAll('details[open][id]')].map(details => details.id);
  const template = document.createElement('template');
  template.innerHTML = part;
  section.replaceChildren(template.content);
  for (const [id, value] of typed) if (byId(id)) byId(id).value = value;
  for (const id of open) if (byId(id)) byId(id).open = true;
  if (focused) ((focused.id && byId(focused.id)) || section.querySelector('h1, h2')).focus();
  if (section.id === 'stage') document.title = `${section.querySelector('h1').textContent} – Understudy`;
}

/* The clock, between two pulses. */

let stageTime = { at: 0, since: 0 };

function tick() {
  const face = byId('clock-now');
  if (!face || face.dataset.frozen === 'true' || !stageTime.at) return;
  const now = new Date(stageTime.at + performance.now() - stageTime.since);
  if (!Number.isNaN(now.getTime())) face.textContent = now.toISOString().slice(0, 19).replace('T', ' ');
}

/* The pulse: what is another than before is fetched anew. */

let isDue = false;
let wake = () => {};
let isLost = false;

/** Has the next pulse come at once. */
function hurry() {
  isDue = true;
  wake();
}

async function pulse() {
  const { now, mark, tags: all } = await (await askFor('/page/pulse')).json();
  stageTime = { at: Date.parse(now), since: performance.now() };
  const changed = Object.entries(all).filter(([name, tag]) => tags.get(name) !== tag);
  const fetched = changed.map(async ([name, tag]) => {
    await refresh(name);
    tags.set(name, tag);
  });
  await Promise.all(fetched);
  tick();
  return mark;
}

async function live() {
  for (;;) {
    if (!isDue) await Promise.race([pause(PAUSE), new Promise(go => { wake = go; })]);
    isDue = false;
    if (document.hidden) continue;
    try {
      await pulse();
      if (isLost) tell('The stage answers again.');
      isLost = false;
    } catch (error) {
      if (error instanceof NoToken) return enter(true);
      isLost = true;
      tell('The stage does not answer: it may have ended. Trying again.', true);
    }
  }
}

/* The journal. */

let seen = 0;

async function follow() {
  for (;;) {
    try {
      const answer = await askFor(`/journal/stream?since=${seen}`);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        show(lines.map(line => JSON.parse(line)));
      }
    } catch (error) {
      if (error instanceof NoToken) return;
    }
    await pause(PAUSE);
  }
}

function show(exchanges) {
  if (exchanges.length === 0) return;
  seen = exchanges.at(-1).number;
  const rows = exchanges.slice(-ROWS).reverse().map(row);
  const body = byId('journal-rows');
  body.prepend(...rows);
  while (body.rows.length > ROWS) body.lastElementChild.remove();
  showJournal();
}

function showJournal() {
  const isEmpty = byId('journal-rows').rows.length === 0;
  byId('journal-empty').hidden = !isEmpty;
  byId('journal-scroll').hidden = isEmpty;
}

function row(exchange) {
  const { at, server, method, path, status, caller, outcome, refusal, faults = [], elapsed_ms: took } = exchange;
  const isWrong = status === undefined || status >= 400 || refusal !== undefined || faults.length > 0;
  const element = document.createElement('tr');
  element.className = `${server}${isWrong ? ' wrong' : ''}`;
  const time = cell(element, at.slice(11, 19), 'time');
  time.title = at;
  cell(element, server === 'idp' ? 'idp' : 'portal', `server ${server}`);
  cell(element, `${method} ${path}`, 'path');
  cell(element, status === undefined ? 'no answer' : String(status), 'status');
  const was = cell(element, [refusal ?? outcome, caller && `by ${caller}`].filter(Boolean).join(', '), 'was');
  for (const name of faults) {
    const fault = document.createElement('span');
    fault.className = 'chip broken';
    fault.textContent = `fault ${name}`;
    was.append(' ', fault);
  }
  cell(element, `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`, 'number');
  return element;
}

function cell(row, text, name) {
  const element = row.insertCell();
  element.className = name;
  element.textContent = text;
  return element;
}

/* What is clicked. */

async function send(method, path, body) {
  const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await ask(path, { method, headers, body });
  if (answer.ok) return;
  const { error } = await answer.json();
  throw new Error(error.message);
}

async function act(work, done) {
  try {
    await work();
    tell(done);
  } catch (error) {
    if (error instanceof NoToken) return enter(true);
    tell(`Not done: ${error.message}`, true);
  }
  hurry();
}

async function press(button) {
  const { method, path, body, done } = button.dataset;
  await act(async () => {
    if ('realTime' in button.dataset) {
      await send(method, path, JSON.stringify({ set: new Date().toISOString() }));
      await send(method, path, JSON.stringify('run'));
    } else {
      await send(method, path, body);
    }
    if (path === '/reset' || path === '/journal') {
      byId('journal-rows').replaceChildren();
      showJournal();
    }
  }, done);
}

async function copy(id) {
  const block = byId(id);
  try {
    await navigator.clipboard.writeText(block.textContent);
    tell('Copied.');
  } catch {
    // Only a page of this machine or of https may write to the clipboard.
    getSelection().selectAllChildren(block);
    tell('It is selected: copy it with the keys that your browser has for it.');
  }
}

document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (button?.dataset.method) press(button);
  if (button?.dataset.copy) copy(button.dataset.copy);
});

document.addEventListener('submit', event => {
  event.preventDefault();
  const { advance } = event.target.dataset;
  if (advance) {
    const by = event.target.elements.by.value.trim();
    act(() => send('POST', advance, JSON.stringify({ advance: by })), `The clock is moved by ${by}`);
  }
  if (event.target.id === 'entry-form') {
    sessionStorage.setItem(KEY, byId('entry-token').value.trim());
    location.reload();
  }
});

document.addEventListener('change', () => {
  const shown = document.querySelector('input[name="show"]:checked').value;
  const journal = byId('journal');
  journal.dataset.show = shown;
  journal.classList.toggle('only-wrong', byId('only-wrong').checked);
});

// A definition is fetched when it is opened. The event does not bubble, but it is captured.
document.addEventListener('toggle', async event => {
  const { text } = event.target.dataset ?? {};
  const block = event.target.querySelector('pre');
  if (!text || !event.target.open || block.textContent) return;
  try {
    block.textContent = await (await askFor(text)).text();
  } catch {
    block.textContent = 'It is not there any more.';
  }
}, true);

/* The beginning. */

function enter(wasRefused = false) {
  sessionStorage.removeItem(KEY);
  byId('parts').hidden = true;
  byId('sections').hidden = true;
  byId('stage').replaceChildren(Object.assign(document.createElement('h1'), { textContent: 'A stage is up' }));
  document.title = 'Understudy';
  tags.clear();
  tell('');
  byId('entry-refused').hidden = !wasRefused;
  byId('entry').hidden = false;
  byId('entry-token').focus();
}

async function begin() {
  try {
    // The journal begins with what passed last.
    seen = Math.max(0, (await pulse()) - ROWS);
  } catch (error) {
    if (error instanceof NoToken) return enter(token() !== '');
    tell('The stage does not answer: it may have ended. Load the page again when it is up.', true);
    return;
  }
  byId('entry').hidden = true;
  byId('parts').hidden = false;
  byId('sections').hidden = false;
  live();
  follow();
}

addEventListener('hashchange', () => { if (takeToken()) location.reload(); });
document.addEventListener('visibilitychange', hurry);
setInterval(tick, 250);
takeToken();
begin();
