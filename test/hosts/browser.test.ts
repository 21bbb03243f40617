// examples/embedding/browser in headless Chromium, from a server on localhost that forbids eval.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decisionsOf, examplePolicy, Place, program } from './place.ts';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TYPES: { readonly [ending: string]: string } = { '.html': 'text/html', '.js': 'text/javascript' };

const place = new Place('browser');
const { bundle, requests } = examplePolicy();
let server: Server;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

/** The files of the example at the root, the package at /dist. */
function serve(): Promise<Server> {
  const started = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url!;
    const file = path.startsWith('/dist/') ? join(place.package, path) : join(place.folder, path);
    try {
      const content = readFileSync(file);
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'`,
      );
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => started.listen(0, '127.0.0.1', () => resolve(started)));
}

beforeAll(async () => {
  const executablePath = program('chromium', 'chromium');
  writeFileSync(join(place.folder, 'policy.policyb'), bundle);
  server = await serve();
  browser = await chromium.launch({ executablePath, args: ARGS });
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(`document.getElementById('effect').textContent !== ''`, undefined, {
    timeout: 20_000,
  });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** What the page shows. */
async function shown(): Promise<{ readonly effect: string | null; readonly decision: unknown }> {
  const decision = await page.textContent('#decision');
  return { effect: await page.textContent('#effect'), decision: JSON.parse(decision ?? '') };
}

test('the page shows the decision on the request that it opens with', async () => {
  const request = await page.inputValue('#request');
  const expected = JSON.parse(decisionsOf(bundle, [request])[0]!);
  expect(await shown()).toEqual({ effect: 'deny: REMOVE_EVERYTHING', decision: expected });
});

test('the page judges as the TypeScript evaluator does', async () => {
  for (const request of requests.slice(0, 20)) {
    await page.fill('#request', request);
    const expected = JSON.parse(decisionsOf(bundle, [request])[0]!);
    expect(await shown()).toEqual({ effect: `${expected.effect}: ${expected.reason}`, decision: expected });
  }
});

test('the page has nothing to complain about', () => {
  // Chromium asks for an icon that is not there.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
