// Drives the page of one stage in Chromium: `node drive.mjs PART`, where PART is what is to be shown. The stage is told on
// standard input, as JSON: `{page, token, secret, portal, control, chromium, images}`. Ends with 0 where all is as it must be.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const stage = JSON.parse(readFileSync(0, 'utf8'));

/** The page in a browser, and how a reader uses it. */
class Reader {
  complaints = [];

  constructor(page) {
    this.page = page;
    page.on('console', message => {
      if (['error', 'warn'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', error => this.complaints.push(String(error)));
  }

  /** Opens the page with the token, as `understudy up` prints its address. */
  async open() {
    await this.page.goto(stage.page);
    await this.page.waitForSelector('#catalog tbody tr');
  }

  text(selector) {
    return this.page.$eval(selector, element => element.innerText);
  }

  /** Waits until the text that a selector finds holds a text. */
  async sees(selector, text) {
    const holds = (where, what) => document.querySelector(where)?.innerText.includes(what);
    await this.page.waitForFunction(holds, { timeout: 10_000 }, selector, text).catch(async () => {
      assert.fail(`"${text}" is not in ${selector}: ${await this.text(selector)}`);
    });
  }

  /** Clicks in the page itself: a part may be put in place of another between finding a button and moving to it. */
  async click(selector) {
    await this.page.waitForSelector(selector);
    await this.page.$eval(selector, element => element.click());
  }

  axe = async () => {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate('axe.run()');
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(node => node.html).join(' ')}`);
    assert.deepEqual(told, []);
  };
}

/** Asks the portal without a token, as somebody who syncs. */
const ask = () => fetch(`${stage.portal}/apis`).then(answer => answer.status);

/** Asks the control API. */
const control = async (method, path, body) => {
  const headers = { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' };
  const answer = await fetch(stage.control + path, { method, headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return answer.json();
};

const parts = {
  async catalog(reader) {
    await reader.open();
    for (const name of ['petstore-v1', 'tracks-v1', 'gloo-platform-portal-apis']) await reader.sees('#catalog', name);
    assert.equal(await reader.text('h1'), 'quickstart is up');
    await reader.click('#definition-petstore-v1 summary');
    await reader.sees('#definition-petstore-v1 pre', '"openapi": "3.');
  },

  async address(reader) {
    await reader.open();
    assert.equal(reader.page.url(), `${stage.control}/`);
    await reader.page.reload();
    await reader.sees('#catalog', 'petstore-v1');
  },

  async fault(reader) {
    await reader.open();
    await reader.click('#inject-portal-down');
    await reader.sees('.in-force', 'portal-down');
    await reader.sees('#told', 'Portal down: in force');
    assert.equal(await ask(), 503);
    await reader.sees('#journal-rows', '503');
    await reader.sees('#journal-rows .chip', 'fault portal-down');
    await reader.sees('.in-force', 'met by 1 request');
    await reader.sees('#stage', '1 in force');
    await reader.click('.in-force button');
    await reader.sees('#faults', 'no fault is in force');
    assert.equal(await ask(), 401);
    await reader.sees('#journal-rows tr:first-child', 'no bearer token');
  },

  async still(reader) {
    await reader.open();
    const places = () => reader.page.$$eval('.offers:first-of-type button', buttons =>
      buttons.map(button => [button.id, ...Object.values(button.getBoundingClientRect().toJSON())]));
    const before = await places();
    await reader.click('#inject-portal-down');
    await reader.click('#inject-connection-refused');
    await reader.sees('#faults', '2 faults are in force.');
    assert.deepEqual(await places(), before);
    await reader.click('#lift-all');
    await reader.sees('#faults', 'no fault is in force');
  },

  async clock(reader) {
    await reader.open();
    await reader.sees('#clock', 'It runs with real time.');
    await reader.click('#clock-1h');
    await reader.sees('#clock', 'It runs 1h ahead of real time.');
    await reader.page.$eval('#clock-by', input => { input.value = 'soon'; });
    await reader.click('#clock-advance');
    await reader.sees('#told', 'Not done: ');
    await reader.page.$eval('#clock-by', input => { input.value = '30m'; });
    await reader.click('#clock-advance');
    await reader.sees('#clock', 'It runs 1h 30m ahead of real time.');
    assert.equal(await reader.page.$eval('#clock-by', input => input.value), '30m');
    await reader.click('#clock-course');
    await reader.sees('#clock', 'It stands still.');
    await reader.click('#clock-real');
    await reader.sees('#clock', 'It runs with real time.');
    reader.complaints = reader.complaints.filter(text => !text.includes('422'));
  },

  async journal(reader) {
    await reader.open();
    await ask();
    await fetch(`${new URL(stage.issuer).origin}/nothing`);
    await reader.sees('#journal-rows tr:first-child', '/nothing');
    const shown = () => reader.page.$$eval('#journal-rows tr', rows =>
      rows.filter(row => row.checkVisibility()).map(row => row.cells[1].innerText));
    assert.deepEqual(await shown(), ['idp', 'portal']);
    await reader.click('#show-portal');
    assert.deepEqual(await shown(), ['portal']);
    await reader.click('#journal-clear');
    await reader.sees('#journal', 'Nothing was asked yet.');
  },

  async world(reader) {
    await reader.open();
    await control('POST', '/world/changes', { removeProducts: ['petstore'] });
    await reader.page.waitForFunction(() => !document.querySelector('#catalog').innerText.includes('petstore-v1'));
    await reader.sees('#stage', 'generation 1');
    assert.ok(!(await reader.text('#world')).includes('petstore'));
    await reader.click('#event-reset');
    await reader.sees('#catalog', 'petstore-v1');
  },

  async markup(reader) {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const versions = [{ name: 'v1', title: evil }];
    await control('PUT', '/world', { portal: { products: [{ id: 'evil', name: evil, versions }] } });
    await control('POST', '/faults', { name: evil, does: { status: 503 } });
    await reader.open();
    await ask();
    await reader.sees('#world', evil);
    await reader.sees('.in-force', evil);
    await reader.sees('#journal-rows .chip', evil);
    assert.equal(await reader.page.$('#parts img, #parts script'), null);
    assert.equal(await reader.page.title(), 'quickstart is up – Understudy');
    // Nor would a script run that somehow came to be in the document.
    const ran = await reader.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }));
      return window.ran;
    });
    assert.equal(ran, undefined);
    reader.complaints = reader.complaints.filter(text => !text.includes('Content Security Policy'));
  },

  async lost(reader) {
    await reader.open();
    await reader.page.setOfflineMode(true);
    await reader.sees('#told', 'The stage does not answer');
    await reader.page.setOfflineMode(false);
    await reader.sees('#told', 'The stage answers again.');
    reader.complaints = reader.complaints.filter(text => !text.includes('ERR_INTERNET_DISCONNECTED'));
  },

  async secrets(reader) {
    await reader.open();
    await reader.click('#inject-portal-down');
    await reader.sees('.in-force', 'portal-down');
    await ask();
    await reader.sees('#journal-rows', '503');
    const all = await reader.page.evaluate(() => document.documentElement.outerHTML + document.documentElement.innerText);
    for (const secret of [stage.token, stage.secret]) assert.ok(!all.includes(secret));
    assert.match(await reader.text('#paste-app-config'), /clientSecret: \$\{CLIENT_SECRET\}/);
  },

  async entry(reader) {
    await reader.page.goto(stage.control);
    await reader.page.waitForSelector('#entry', { visible: true });
    assert.ok(!(await reader.page.content()).includes('petstore'));
    await reader.axe();
    await reader.page.type('#entry-token', 'not-the-token');
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForSelector('#entry-refused', { visible: true });
    await reader.page.type('#entry-token', stage.token);
    await reader.page.keyboard.press('Enter');
    await reader.sees('#catalog', 'petstore-v1');
    reader.complaints = reader.complaints.filter(text => !text.includes('401'));
  },

  async keyboard(reader) {
    await reader.open();
    await reader.page.focus('#inject-list-empty');
    await reader.page.keyboard.press('Enter');
    await reader.sees('.in-force', 'list-empty');
    // The part was put anew, and the focus is where it was; where its button went, it is on the heading.
    assert.equal(await reader.page.evaluate(() => document.activeElement.id), 'inject-list-empty');
    await reader.page.focus('#lift-1');
    await reader.page.keyboard.press('Space');
    await reader.sees('#faults', 'no fault is in force');
    assert.equal(await reader.page.evaluate(() => document.activeElement.id), 'faults-title');
  },

  light: reader => looks(reader, 'light'),
  dark: reader => looks(reader, 'dark'),

  async phone(reader) {
    await reader.page.setViewport({ width: 360, height: 740 });
    await reader.open();
    await ask();
    await reader.sees('#journal-rows', '401');
    const width = await reader.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 360);
    await reader.axe();
  },
};

/** The page with a fault in force and a journal, without a violation of the rules of accessibility; and its picture. */
async function looks(reader, scheme) {
  await reader.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await reader.page.setViewport({ width: 1280, height: 1180 });
  await reader.open();
  await ask();
  await reader.click('#clock-1h');
  await reader.click('#inject-portal-down');
  await reader.sees('.in-force', 'portal-down');
  await ask();
  await reader.sees('.in-force', 'met by 1 request');
  await reader.page.waitForFunction(() => document.querySelector('#told').textContent === '', { timeout: 15_000 });
  const colour = await reader.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(colour, scheme === 'light' ? 'rgb(247, 245, 240)' : 'rgb(20, 22, 26)');
  await reader.axe();
  await reader.page.evaluate(() => scrollTo(0, 0));
  await reader.page.screenshot({ path: join(stage.images, `page-${scheme}.png`) });
}

const part = parts[process.argv[2]];
assert.ok(part, `there is no part ${process.argv[2]}`);
// Chromium has a sandbox only where the system lets it, which containers and root do not.
const browser = await puppeteer.launch({
  executablePath: stage.chromium,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-proxy-server'],
});
try {
  const reader = new Reader(await browser.newPage());
  await part(reader);
  assert.deepEqual(reader.complaints, [], 'the console has errors');
} finally {
  await browser.close();
}
