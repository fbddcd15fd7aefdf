import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Device, Hub, ring, settle, until } from './hub.js';

async function connected() {
  const hub = new Hub();
  const phone = new Device({ 28711: hub }).page();
  await phone.connect();
  return { hub, phone };
}

/** A message as the API's own pages publish it. */
function sample(name) {
  const path = `../../../tests/fixtures/samples/${name}.json`;
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

function tell(hub, { topic, subtopic, message }) {
  hub.tell(topic, subtopic, { message });
}

test('a call rings once, however often that is told', async () => {
  const { hub, phone } = await connected();
  const rung = [];
  phone.on('call', ({ phase, number }, before) => {
    if (phase === 'ringing' && before?.phase !== 'ringing') rung.push(number);
  });
  ring(hub);
  ring(hub);
  await until(() => phone.calls[0]?.legs.length === 2);
  await settle();
  assert.deepEqual(rung, ['+441632960011']);
});

test('a published call, from ringing to cleared', async () => {
  const { hub, phone } = await connected();
  tell(hub, sample('incoming-call.event'));
  await until(() => phone.calls.length === 1);
  const [call] = phone.calls;
  assert.equal(call.phase, 'ringing');
  assert.equal(call.queue, 'InboundTest');
  assert.equal(call.number, '+161081111');
  assert.deepEqual(call.buttons, ['answer', 'reject']);
});

test('a published snapshot', async () => {
  const { hub, phone } = await connected();
  tell(hub, sample('state-sync.response'));
  await until(() => phone.calls.length === 1);
  const [call] = phone.calls;
  assert.equal(call.phase, 'connected');
  assert.equal(call.direction, 'inbound');
  assert.equal(call.number, '+161081111');
  assert.deepEqual(call.variables, { ANI: '+161081111', DNIS: '+16013261548' });
  assert.deepEqual(call.buttons, ['consult', 'numberpad', 'disconnect', 'hold']);
  assert.equal(call.legs[0].since.toISOString(), '2020-04-09T14:00:02.485Z');
});

test('late events change nothing and bring nothing back', async () => {
  const { hub, phone } = await connected();
  hub.leg('a', 'connected', { at: 2 });
  hub.leg('a', 'connecting', { at: 1 });
  hub.leg('c', 'DROPPED', { at: 2 });
  hub.leg('c', 'connected', { at: 2, type: 'inbound' });
  await settle();
  assert.deepEqual(
    phone.calls[0].legs.map(({ id, state }) => [id, state]),
    [['a', 'connected']],
  );
});

test('a snapshot keeps in which way a leg was over', async () => {
  const { hub, phone } = await connected();
  hub.leg('a', 'missed', { enable: 'clearContact' });
  await until(() => phone.calls[0]?.phase === 'over');
  hub.calls.calls = [
    { connectionId: 'a', contactId: 'c1', status: 'disconnected', type: 'agent', buttonStates: {} },
  ];
  for (const socket of hub.sockets) hub.tellAll(socket);
  await settle();
  assert.equal(phone.calls[0].legs[0].state, 'missed');
});

test('where a call is', async () => {
  const { hub, phone } = await connected();
  const phaseAfter = async (...legs) => {
    for (const leg of legs) hub.leg(...leg);
    await settle();
    return phone.calls[0]?.phase ?? 'none';
  };
  const customer = { type: 'inbound' };
  assert.equal(await phaseAfter(['a', 'connecting', { enable: 'answer' }]), 'ringing');
  assert.equal(await phaseAfter(['a', 'connecting', { at: 1 }]), 'connecting');
  assert.equal(
    await phaseAfter(['a', 'connected', { at: 2 }], ['c', 'connected', { ...customer, at: 2 }]),
    'connected',
  );
  assert.equal(await phaseAfter(['c', 'hold', { ...customer, at: 3 }]), 'held');
  assert.equal(await phaseAfter(['a', 'ACW', { enable: 'clearContact', at: 4 }]), 'over');
  assert.equal(
    await phaseAfter(['a', 'DROPPED', { at: 5 }], ['c', 'Dropped', { ...customer, at: 5 }]),
    'none',
  );
});

test('snapshots without a call, in four forms', async () => {
  for (const message of [null, {}, { calls: [] }, { calls: null, attributes: null }]) {
    const { hub, phone } = await connected();
    ring(hub);
    await until(() => phone.calls.length === 1);
    hub.tell('InboundCall', 'StateSync', { message });
    await until(() => phone.calls.length === 0);
  }
});

test('other apps and what nobody knows change nothing', async () => {
  const { hub, phone } = await connected();
  const before = phone.state;
  const source = 'another app';
  hub.tell('InboundCall', 'StateSync', { source });
  hub.tell('Agent', 'SetNotReady', { source, data: { ReasonCodeId: 'Break' } });
  hub.tell('OutboundCall', 'Anything', { message: { calls: [1] } });
  hub.tell('InboundCall', 'InboundCallStateChange', { message: { call: { event: 7 } } });
  for (const socket of hub.sockets) socket.hear('no JSON');
  await settle();
  assert.deepEqual(phone.state, before);
});

test('a listener that fails keeps nobody else from hearing', async (t) => {
  const { hub, phone } = await connected();
  const failed = [];
  t.mock.method(globalThis, 'queueMicrotask', (task) => failed.push(task));
  phone.on('call', () => {
    throw new Error('the page is broken');
  });
  const heard = [];
  const stop = phone.on('call', ({ phase }) => heard.push(phase));
  ring(hub);
  await until(() => heard.length > 0);
  assert.throws(failed[0], /the page is broken/);
  stop();
  const before = heard.length;
  hub.leg('a', 'DROPPED', { at: 1 });
  await settle();
  assert.equal(heard.length, before);
});
