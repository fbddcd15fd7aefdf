import assert from 'node:assert/strict';
import { test } from 'node:test';

import { codeOf, Device, Hub, ring, settle, until } from './hub.js';

/** Connects with this code shown, and has the person say Yes. */
async function pairWithConsent(hub, phone) {
  const shown = [];
  phone.on('code', (code) => shown.push(code));
  const connected = phone.connect();
  await until(() => shown.length > 0);
  hub.pair('crm');
  await connected;
  return shown;
}

test('a page of a listed origin joins without a question, and knows the whole state', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  const phone = device.page();
  const phases = [];
  phone.on('status', ({ phase }) => phases.push(phase));

  await phone.connect();
  assert.deepEqual(phases, ['connecting', 'connected']);
  assert.deepEqual(phone.status, { phase: 'connected', access: 'control' });
  assert.deepEqual(phone.state.link, { state: 'online', connector: 'practice' });
  assert.equal(phone.state.agent.name, 'Available');
  assert.deepEqual(hub.requests(), ['Pair', 'Register']);
});

test('the key that is kept cannot be read, and lets the page in without pairing', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  await device.page().connect();
  const [{ hubId, key }] = device.pairings.kept;
  assert.equal(hubId, hub.id);
  assert.equal(key.extractable, false);

  hub.requests();
  await device.page().connect({ ask: false });
  assert.deepEqual(hub.requests(), ['Register']);
});

test('the person compares a code and says Yes', async () => {
  const hub = new Hub();
  hub.listed = false;
  const phone = new Device({ 28711: hub }).page();
  assert.deepEqual(await pairWithConsent(hub, phone), ['4821']);
  assert.equal(phone.status.phase, 'connected');
});

test('the person gives less than was asked for', async () => {
  const hub = new Hub();
  hub.granted = 'observe';
  const phone = new Device({ 28711: hub }).page();
  await phone.connect();
  assert.deepEqual(phone.status, { phase: 'connected', access: 'observe' });
});

for (const refusal of ['PAIRING_REFUSED', 'PAIRING_BUSY', 'LOCKED_OUT', 'TOO_MANY_APPS']) {
  test(`the hub refuses with ${refusal}`, async () => {
    const hub = new Hub();
    hub.answers.Pair = (socket) => hub.refuse(socket, refusal, 'for the log');
    const device = new Device({ 28711: hub });
    const phone = device.page();
    const error = await phone.connect().catch((error) => error);
    assert.equal(error.code, refusal);
    assert.match(error.message, /^[A-Z].*\.$/);
    assert.equal(error.detail, undefined);
    assert.equal(error.cause, 'for the log');
    assert.deepEqual(phone.status, { phase: 'idle' });
    assert.deepEqual(device.pairings.kept, []);
  });
}

test('a hub that does not know the secret is left', async () => {
  const hub = new Hub();
  hub.answers.Register = (socket) =>
    hub.say(socket, 'App', 'Registered', { message: { access: 'control', proof: '00'.repeat(32) } });
  const phone = new Device({ 28711: hub }).page();
  assert.equal(await codeOf(phone.connect()), 'NOT_GENUINE');
  assert.ok([...hub.sockets].every(({ closed }) => closed));
});

test('among several phones the known one is joined, and nothing is proved to others', async () => {
  const [ours, theirs] = [new Hub(), new Hub()];
  const device = new Device({ 28711: ours });
  await device.page().connect();

  device.hubs.set(28711, theirs).set(28713, ours);
  await device.page().connect();
  assert.deepEqual(theirs.requests(), []);
  assert.ok([...theirs.sockets].every(({ closed }) => closed));
});

test('several unknown phones: nobody is asked until the port is chosen', async () => {
  const hubs = { 28711: new Hub(), 28712: new Hub() };
  const phone = new Device(hubs).page();
  assert.equal(await codeOf(phone.connect()), 'SEVERAL_PHONES');
  assert.deepEqual(hubs[28711].requests(), []);

  await phone.connect({ port: 28712 });
  assert.deepEqual(hubs[28711].requests(), []);
  assert.deepEqual(hubs[28712].requests(), ['Pair', 'Register']);
});

test('a program that says nothing holds nobody up for long', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const device = new Device({ 28711: null, 28712: new Hub() });
  const phone = device.page();
  const connected = phone.connect();
  await settle();
  assert.equal(phone.status.phase, 'connecting');
  t.mock.timers.tick(1_000);
  await connected;
});

test('a page that was just loaded asks nobody', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  assert.equal(await codeOf(device.page().connect({ ask: false })), 'NOT_PAIRED');
  assert.deepEqual(hub.requests(), []);

  device.opened = [];
  device.state = 'prompt';
  assert.equal(await codeOf(device.page().connect({ ask: false })), 'PERMISSION_NOT_GIVEN');
  assert.deepEqual(device.opened, []);
});

test('a click outranks an attempt that asks nobody', async () => {
  const phone = new Device({ 28711: new Hub() }).page();
  const quiet = codeOf(phone.connect({ ask: false }));
  await phone.connect();
  assert.notEqual(await quiet, 'no error');
  assert.equal(phone.status.phase, 'connected');
});

test('a pairing that was revoked meanwhile is asked for again, but only after a click', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  await device.page().connect();
  hub.secrets.clear();
  assert.equal(await codeOf(device.page().connect({ ask: false })), 'REVOKED');
  assert.deepEqual(device.pairings.kept, []);

  await device.page().connect();
  hub.secrets.set('crm', '00'.repeat(32));
  hub.requests();
  await device.page().connect();
  assert.deepEqual(hub.requests(), ['Register', 'Pair', 'Register']);
});

test('two tabs pair once', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  await Promise.all([device.page().connect(), device.page().connect()]);
  assert.deepEqual(hub.requests(), ['Pair', 'Register', 'Register']);
});

test('a page that leaves while the person is asked withdraws the question', async () => {
  const hub = new Hub();
  hub.listed = false;
  const phone = new Device({ 28711: hub }).page();
  const connected = codeOf(phone.connect());
  await until(() => phone.status.phase === 'pairing');
  phone.disconnect();
  assert.equal(await connected, 'DISCONNECTED');
  assert.deepEqual(phone.status, { phase: 'idle' });
  assert.ok([...hub.sockets].every(({ closed }) => closed));
});

test('a page that leaves while it looks for the phone asks nobody', async () => {
  const hub = new Hub();
  const phone = new Device({ 28711: hub }).page();
  const connected = codeOf(phone.connect());
  phone.disconnect();
  assert.equal(await connected, 'DISCONNECTED');
  await settle();
  assert.deepEqual(hub.requests(), []);
});

test('a page that leaves while the browser asks is out at once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const hub = new Hub();
  const device = new Device({ 28711: null });
  const phone = device.page();
  const connected = codeOf(phone.connect());
  await until(() => device.opened.length === 5);
  phone.disconnect();
  assert.equal(await connected, 'DISCONNECTED');

  device.hubs.set(28711, hub);
  await phone.connect();
  assert.equal(phone.status.phase, 'connected');
});

test('a tab that leaves while another one is asked about is out at once', async () => {
  const hub = new Hub();
  hub.listed = false;
  const device = new Device({ 28711: hub });
  const [first, second] = [device.page(), device.page()];
  const asked = first.connect();
  await until(() => first.status.phase === 'pairing');
  const waiting = codeOf(second.connect());
  await settle();
  second.disconnect();
  assert.equal(await waiting, 'DISCONNECTED');

  hub.pair('crm');
  await asked;
  assert.deepEqual(hub.requests(), ['Pair', 'Register']);
});

test('a phone that falls silent while the person is asked holds nobody up for ever', async (t) => {
  const hub = new Hub();
  hub.answers.Pair = () => {};
  const device = new Device({ 28711: hub });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const connected = codeOf(device.page().connect());
  await until(() => hub.received.length > 0);
  t.mock.timers.tick(125_000);
  assert.equal(await connected, 'CONNECTION_LOST');
  assert.ok([...hub.sockets].every(({ closed }) => closed));
});

test('connecting again changes nothing', async () => {
  const hub = new Hub();
  const phone = new Device({ 28711: hub }).page();
  await Promise.all([phone.connect(), phone.connect()]);
  await phone.connect();
  assert.deepEqual(hub.requests(), ['Pair', 'Register']);
  assert.equal(phone.status.phase, 'connected');
});

test('what was forgotten has to be paired again', async () => {
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  const phone = device.page();
  await phone.connect();
  await phone.forget();
  assert.deepEqual(phone.status, { phase: 'idle' });
  assert.equal(await codeOf(phone.connect({ ask: false })), 'NOT_PAIRED');
});

test('a call that rings already is told after the page is connected', async () => {
  const hub = new Hub();
  hub.answers.Register = function (...told) {
    this.onRegister(...told);
    ring(this);
  };
  const phone = new Device({ 28711: hub }).page();
  let phase;
  phone.on('call', () => (phase ??= phone.status.phase));
  await phone.connect();
  await until(() => phone.calls.length > 0);
  assert.equal(phase, 'connected');
});

/** What stands in the way, and what the page says. */
const OBSTACLES = {
  INSECURE_PAGE: { secure: false },
  PERMISSION_DENIED: { state: 'denied' },
  PERMISSION_DENIED_IN_FRAME: { state: 'denied', framed: true },
  PERMISSION_NOT_GIVEN: { state: 'prompt' },
  FORBIDDEN_BY_PAGE: { forbids: true, state: 'granted' },
  UNREACHABLE: { state: 'granted' },
  BROWSER_REFUSED: { mixed: true },
};
for (const [code, obstacle] of Object.entries(OBSTACLES)) {
  test(`nothing answers: ${code}`, async () => {
    const error = await Object.assign(new Device(), obstacle)
      .page()
      .connect()
      .catch((error) => error);
    assert.equal(error.code, code);
    assert.match(error.message, /^[A-Z].*\.$/);
  });
}
