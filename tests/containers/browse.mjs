// Looks at a Backstage as a guest does, in Chromium: `node browse.mjs PART`, where PART is what is to be seen, in a folder
// made by tests/page/install.sh. What is told on standard input is JSON: `{backstage, chromium, images}`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const puppeteer = createRequire(join(process.cwd(), 'package.json'))('puppeteer-core');
const told = JSON.parse(readFileSync(0, 'utf8'));
/** For a first page, of which much is loaded, on a busy machine; in milliseconds. */
const PATIENCE = 60_000;

const begun = Date.now();
const said = what => console.log(`${what} after ${((Date.now() - begun) / 1000).toFixed(1)}s`);

/** Waits for a link or button by its text. */
const sees = (page, text) => page.waitForSelector(`::-p-xpath(//*[self::a or self::button][normalize-space() = "${text}"])`);

/** Waits for one and clicks it in the page itself: it may be put in place of another between finding it and moving to it. */
const follow = (page, text) =>
  page.waitForFunction(
    wanted => {
      const found = [...document.querySelectorAll('a, button')].find(element => element.textContent.trim() === wanted);
      found?.click();
      return Boolean(found);
    },
    {},
    text,
  );

/** Opens the first page and signs in. */
async function enter(page) {
  await page.goto(told.backstage);
  await sees(page, 'Enter');
  said('the guest was asked in');
  await follow(page, 'Enter');
}

const parts = {
  async apis(page) {
    await enter(page);
    for (const api of ['petstore-v1', 'tracks-v1']) await sees(page, api);
    said('the catalog showed both APIs');
    // By then nothing moves any more.
    await page.waitForFunction(() => document.body.innerText.includes('All APIS (2)'));
    await page.waitForNetworkIdle();
    await page.screenshot({ path: join(told.images, 'backstage-apis.png') });
  },

  async definition(page) {
    await enter(page);
    await follow(page, 'petstore-v1');
    await follow(page, 'Definition');
    // Two paths of the document, as Swagger UI shows them.
    for (const path of ['/pets', '/orders/{orderId}']) await page.waitForSelector(`[data-path="${path}"]`);
    said('the definition was shown');
  },
};

const part = parts[process.argv[2]];
assert.ok(part, `there is no part ${process.argv[2]}`);
// Chromium has a sandbox only where the system lets it, which containers and root do not.
const browser = await puppeteer.launch({
  executablePath: told.chromium,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-proxy-server'],
});
try {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(String(error)));
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1440, height: 620 });
  await part(page).catch(async error => {
    const text = await page.evaluate(() => document.body.innerText);
    assert.fail(`${error.message} at ${page.url()}, where the page says:\n${text}\n${complaints.join('\n')}`);
  });
  assert.deepEqual(complaints, [], 'the console has errors');
} finally {
  await browser.close();
}
