import assert from 'node:assert/strict';
import { test } from 'node:test';

import { codeOf, Device, Hub, ring, settle, until } from './hub.js';

async function connected(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const hub = new Hub();
  const device = new Device({ 28711: hub });
  const phone = device.page();
  await phone.connect();
  hub.requests();
  return { hub, device, phone };
}

test('a lost connection is restored, and what changed meanwhile is told once', async (t) => {
  const { hub, phone } = await connected(t);
  ring(hub);
  await until(() => phone.calls[0]?.number);
  const told = [];
  phone.on('call', (call, before) => told.push([call.phase, before?.phase]));

  hub.drop(1006);
  await until(() => phone.status.phase === 'reconnecting');
  assert.equal(phone.calls.length, 1, 'what was known stays until it is known better');
  t.mock.timers.tick(0);
  await until(() => phone.status.phase === 'connected');
  assert.deepEqual(hub.requests(), ['Register']);
  assert.deepEqual(told, [['gone', 'ringing']]);
  assert.deepEqual(phone.calls, []);
});

test('attempts are spread over a time that grows up to five seconds', async (t) => {
  const { hub, device, phone } = await connected(t);
  device.chance = 1;
  device.hubs.clear();
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');

  for (const wait of [500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
    device.opened = [];
    t.mock.timers.tick(wait - 1);
    await settle();
    assert.deepEqual(device.opened, [], `${wait} ms are not over`);
    t.mock.timers.tick(1);
    await until(() => device.opened.length === 5);
    await settle();
  }
  device.hubs.set(28712, hub);
  t.mock.timers.tick(5_000);
  await until(() => phone.status.phase === 'connected');
});

test('a phone of somebody else is not asked while ours is away', async (t) => {
  const { hub, device, phone } = await connected(t);
  const theirs = new Hub();
  device.hubs.set(28711, theirs);
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  t.mock.timers.tick(0);
  await until(() => device.opened.length === 10);
  await settle();
  assert.deepEqual(theirs.requests(), []);
  assert.equal(phone.status.phase, 'reconnecting');
});

test('a page that was revoked forgets the pairing, and does not come back by itself', async (t) => {
  const { hub, device, phone } = await connected(t);
  const closed = [];
  phone.on('closed', ({ code }) => closed.push(code));
  hub.drop(4003);
  await until(() => closed.length > 0);
  t.mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(closed, ['REVOKED']);
  assert.deepEqual(device.pairings.kept, []);
  assert.deepEqual(phone.status, { phase: 'idle' });
  assert.equal(device.opened.length, 5);

  await phone.connect();
  assert.deepEqual(hub.requests(), ['Pair', 'Register']);
});

test('a page that was revoked while the connection was lost does not try for ever', async (t) => {
  const { hub, device, phone } = await connected(t);
  const closed = [];
  phone.on('closed', ({ code }) => closed.push(code));
  hub.secrets.clear();
  hub.drop(1006);
  await until(() => phone.status.phase === 'reconnecting');
  t.mock.timers.tick(0);
  await until(() => closed.length > 0);
  assert.deepEqual(closed, ['REVOKED']);
  assert.deepEqual(device.pairings.kept, []);
  assert.deepEqual(phone.status, { phase: 'idle' });
});

test('a page that connects again in the moment of being revoked stays', async (t) => {
  const { hub, device, phone } = await connected(t);
  const closed = [];
  phone.on('closed', ({ code }) => closed.push(code));
  let again;
  const remove = device.pairings.remove;
  device.pairings.remove = async function (...pairing) {
    await remove.apply(this, pairing);
    phone.disconnect();
    again ??= phone.connect();
  };
  hub.drop(4003);
  await until(() => again);
  await again;
  assert.deepEqual(closed, []);
  assert.equal(phone.status.phase, 'connected');
});

test('a page whose access was changed comes back with the new one', async (t) => {
  const { hub, phone } = await connected(t);
  hub.granted = 'observe';
  hub.drop(4010);
  await until(() => phone.status.phase === 'reconnecting');
  t.mock.timers.tick(0);
  await until(() => phone.status.phase === 'connected');
  assert.equal(phone.status.access, 'observe');
});

test('what stands in the way meanwhile is told', async (t) => {
  const { hub, device, phone } = await connected(t);
  device.hubs.clear();
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  assert.equal(phone.status.problem, undefined);
  t.mock.timers.tick(0);
  await until(() => phone.status.problem);
  assert.equal(phone.status.problem.code, 'UNREACHABLE');
});

test('a page that lost the permission meanwhile is out', async (t) => {
  const { hub, device, phone } = await connected(t);
  const closed = [];
  phone.on('closed', ({ code }) => closed.push(code));
  device.hubs.clear();
  device.state = 'denied';
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  t.mock.timers.tick(0);
  await until(() => closed.length > 0);
  assert.deepEqual(closed, ['PERMISSION_DENIED']);
});

test('a click during the wait connects at once', async (t) => {
  const { hub, device, phone } = await connected(t);
  device.chance = 1;
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  await phone.connect();
  assert.equal(phone.status.phase, 'connected');
  t.mock.timers.tick(5_000);
  await settle();
  assert.deepEqual(hub.requests(), ['Register']);
});

test('a page that left is not brought back', async (t) => {
  const { hub, device, phone } = await connected(t);
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  phone.disconnect();
  device.opened = [];
  t.mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(device.opened, []);
});

test('whoever waits for the restored connection is told that the page left', async (t) => {
  const { hub, device, phone } = await connected(t);
  device.hubs.set(28711, null);
  hub.drop(1001);
  await until(() => phone.status.phase === 'reconnecting');
  const waiting = codeOf(phone.connect({ ask: false }));
  t.mock.timers.tick(0);
  await until(() => device.opened.length === 10);
  phone.disconnect();
  assert.equal(await waiting, 'DISCONNECTED');
});

test('a request survives a lost connection, and the state decides', async (t) => {
  const { hub, phone } = await connected(t);
  ring(hub);
  await until(() => phone.calls[0]?.phase === 'ringing');
  const answered = phone.answer();
  const digits = await codeOf(phone.digits('1'));
  assert.equal(digits, 'NOT_POSSIBLE');
  hub.calls.calls = [
    { connectionId: 'a', contactId: 'c1', status: 'connected', type: 'agent', buttonStates: {} },
  ];
  hub.drop(1006);
  await until(() => phone.status.phase === 'reconnecting');
  assert.equal(await codeOf(phone.answer()), 'NOT_CONNECTED');
  t.mock.timers.tick(0);
  await answered;
  assert.deepEqual(hub.requests(), ['Answer', 'Register']);
});

test('of digits that were lost with the connection nothing can be known', async (t) => {
  const { hub, phone } = await connected(t);
  hub.leg('a', 'connected', { enable: 'numberpad' });
  await until(() => phone.calls.length > 0);
  hub.answers.StateSync = () => {};
  const digits = codeOf(phone.digits('1#'));
  hub.drop(1006);
  assert.equal(await digits, 'CONNECTION_LOST');
});
