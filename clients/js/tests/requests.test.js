import assert from 'node:assert/strict';
import { test } from 'node:test';

import { agentEvent, codeOf, Device, Hub, ring, settle, until } from './hub.js';

async function connected() {
  const hub = new Hub();
  const phone = new Device({ 28711: hub }).page();
  await phone.connect();
  hub.requests();
  return { hub, phone };
}

/** With a call that rings. */
async function ringing() {
  const { hub, phone } = await connected();
  ring(hub);
  await until(() => phone.calls[0]?.number);
  return { hub, phone };
}

/** With a call that goes on. */
async function talking() {
  const { hub, phone } = await connected();
  hub.leg('a', 'connected', { enable: 'consult numberpad' });
  hub.leg('c', 'connected', { type: 'inbound', enable: 'disconnect hold' });
  await until(() => phone.calls[0]?.legs.length === 2);
  return { hub, phone };
}

/** Whether a promise has ended. */
async function isOver(promise) {
  let over = false;
  promise.then(() => (over = true), () => (over = true));
  await settle();
  return over;
}

/** Two parties, the customer on hold. */
function consultation(hub) {
  const enable = 'numberpad swap transfer conference';
  hub.leg('a', 'connected', { enable, at: 1 });
  hub.leg('c', 'hold', { type: 'inbound', enable: 'resume disconnect', at: 1 });
  hub.leg('t', 'connected', { type: 'outbound', enable: 'hold disconnect', at: 1 });
}

test('an answer is done when the agent is connected', async () => {
  const { hub, phone } = await ringing();
  const answered = phone.answer();
  assert.deepEqual(hub.received.at(-1), {
    channel: 'Amazon',
    topic: 'InboundCall',
    subtopic: 'Answer',
    source: 'crm',
  });
  hub.leg('c', 'connected', { type: 'inbound', at: 1 });
  assert.equal(await isOver(answered), false);
  hub.leg('a', 'connected', { at: 1 });
  await answered;
});

test('a double click is one request', async () => {
  const { hub, phone } = await ringing();
  const clicks = [phone.answer(), phone.answer()];
  hub.leg('a', 'connected', { at: 1 });
  await Promise.all(clicks);
  assert.deepEqual(hub.requests(), ['Answer']);
});

test('an error ends the request that it is about, in words', async () => {
  const { hub, phone } = await ringing();
  const answered = phone.answer();
  hub.fail('ANSWER_CALL_FAILED', 'No.');
  await assert.rejects(answered, {
    name: 'OffhookError',
    code: 'ANSWER_CALL_FAILED',
    message: 'ANSWER_CALL_FAILED.',
    detail: 'No.',
  });
});

test('an error about something else is told, and changes nothing', async () => {
  const { hub, phone } = await ringing();
  const told = [];
  phone.on('error', ({ code }) => told.push(code));
  const answered = phone.answer();
  hub.fail('HOLD_CALL_FAILED', '');
  hub.fail('MICROPHONE_OPENED', '');
  assert.equal(await isOver(answered), false);
  assert.deepEqual(told, ['HOLD_CALL_FAILED', 'MICROPHONE_OPENED']);
});

test('an error of the hub ends whatever is under way', async () => {
  const { hub, phone } = await ringing();
  const answered = codeOf(phone.answer());
  hub.fail('ACCESS_DENIED', '');
  assert.equal(await answered, 'ACCESS_DENIED');
});

test('a call that is missed meanwhile is gone', async () => {
  const { hub, phone } = await ringing();
  const answered = codeOf(phone.answer());
  hub.leg('a', 'missed', { enable: 'clearContact', at: 1 });
  assert.equal(await answered, 'CALL_GONE');
});

test('without an outcome the phone is asked for its state, which decides', async (t) => {
  const { hub, phone } = await ringing();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answered = phone.answer();
  hub.calls.calls = [
    { connectionId: 'a', contactId: 'c1', status: 'connected', type: 'agent', buttonStates: {} },
  ];
  t.mock.timers.tick(4_999);
  assert.deepEqual(hub.requests(), ['Answer']);
  t.mock.timers.tick(1);
  assert.deepEqual(hub.requests(), ['StateSync']);
  await answered;
});

test('a request that has no outcome at all ends after ten seconds', async (t) => {
  const { hub, phone } = await ringing();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  hub.answers.StateSync = () => {};
  const answered = codeOf(phone.answer());
  await settle();
  t.mock.timers.tick(9_999);
  assert.equal(await isOver(answered), false);
  t.mock.timers.tick(1);
  assert.equal(await answered, 'TIMED_OUT');
});

test('what no button offers is refused, and nothing is sent', async () => {
  const { hub, phone } = await talking();
  for (const request of ['answer', 'reject', 'resume', 'clear', 'swap', 'conference', 'transfer']) {
    assert.equal(await codeOf(phone[request]()), 'NOT_POSSIBLE', request);
  }
  assert.equal(await codeOf(phone.hangUp('another call')), 'NOT_POSSIBLE');
  assert.deepEqual(hub.requests(), []);
});

test('without a connection nothing can be asked for', async () => {
  assert.equal(await codeOf(new Device().page().answer()), 'NOT_CONNECTED');
});

test('hold, resume and hang up name the leg that offers it', async () => {
  const { hub, phone } = await talking();
  const party = { type: 'inbound' };
  const held = phone.hold();
  hub.leg('c', 'hold', { ...party, enable: 'resume disconnect', at: 1 });
  await held;
  const resumed = phone.resume();
  hub.leg('c', 'connected', { ...party, enable: 'hold disconnect', at: 2 });
  await resumed;
  const ended = phone.hangUp();
  hub.leg('c', 'DROPPED', { ...party, at: 3 });
  await ended;
  const sent = hub.received.map(({ subtopic, data }) => [subtopic, data]);
  assert.deepEqual(sent, [['Hold', 'c'], ['Resume', 'c'], ['Disconnect', 'c']]);
});

test('a call is rejected, and a contact cleared', async () => {
  const { hub, phone } = await ringing();
  const rejected = phone.reject();
  hub.leg('a', 'Rejected', { enable: 'clearContact', at: 1 });
  await rejected;
  const cleared = phone.clear();
  hub.leg('a', 'DROPPED', { at: 2 });
  await cleared;
});

test('dialling is done when the leg is there', async () => {
  const { hub, phone } = await connected();
  const dialled = phone.dial('+441632960011');
  assert.equal(hub.received.at(-1).data, '+441632960011');
  hub.leg('a', 'connecting');
  hub.leg('o', 'connecting', { type: 'outbound' });
  await dialled;
  assert.equal(phone.calls[0].direction, 'outbound');
});

test('a consultation is begun, swapped, joined and left', async () => {
  const { hub, phone } = await talking();
  const consulted = phone.consult('+441632960012');
  consultation(hub);
  await consulted;

  const swapped = phone.swap();
  hub.leg('t', 'hold', { type: 'outbound', enable: 'resume', at: 2 });
  hub.leg('c', 'connected', { type: 'inbound', enable: 'hold', at: 2 });
  await swapped;

  const joined = phone.conference();
  hub.leg('t', 'connected', { type: 'outbound', enable: 'hold', at: 3 });
  await joined;

  const left = phone.transfer();
  hub.leg('a', 'ACW', { enable: 'clearContact', at: 4 });
  await left;
});

test('digits are sent when an answer comes without an error before it', async () => {
  const { hub, phone } = await talking();
  const buttonStates = { numberpad: true };
  hub.calls.calls = [{ connectionId: 'a', status: 'connected', type: 'agent', buttonStates }];
  await phone.digits('12#');
  assert.deepEqual(hub.requests(), ['SendDTMF', 'StateSync']);

  hub.answers.SendDTMF = () => hub.fail('SEND_DTMF_FAILED', '');
  assert.equal(await codeOf(phone.digits('3')), 'SEND_DTMF_FAILED');
});

test('a digit that is pressed twice is sent twice', async () => {
  const { hub, phone } = await talking();
  hub.answers.StateSync = () => {};
  const [first, second] = [phone.digits('1'), phone.digits('1')];
  assert.deepEqual(hub.requests(), ['SendDTMF', 'StateSync', 'SendDTMF', 'StateSync']);

  const sync = () => hub.tell('InboundCall', 'StateSync', { message: hub.calls });
  sync();
  await first;
  assert.equal(await isOver(second), false);
  sync();
  await second;
});

test('the agent becomes not ready, ready, muted and not muted', async () => {
  const { hub, phone } = await connected();
  const told = (...event) => hub.tell('Agent', 'SetAgentState', { message: agentEvent(...event) });

  const paused = phone.notReady('Break');
  assert.deepEqual(hub.received.at(-1).data, { ReasonCodeId: 'Break' });
  told('Break', 'not_routable');
  await paused;
  const ready = phone.ready();
  told('Available', 'routable');
  await ready;
  const muted = phone.mute();
  told('Available', 'routable', { muted: true });
  await muted;
  const open = phone.unmute();
  told('Available', 'routable', { muted: false });
  await open;
  assert.deepEqual(hub.requests(), ['SetNotReady', 'SetReady', 'Mute', 'Unmute']);
});

test('what is so already is not asked for', async () => {
  const { hub, phone } = await connected();
  await phone.ready();
  assert.deepEqual(hub.requests(), []);
});

test('a state chosen during a call follows it', async () => {
  const { hub, phone } = await talking();
  const chosen = phone.notReady('Break');
  const message = agentEvent('Busy', 'system', { nextState: 'Break' });
  hub.tell('Agent', 'SetAgentState', { message });
  await chosen;
  assert.equal(phone.state.agent.next, 'Break');

  const unknown = codeOf(phone.notReady('Nap'));
  hub.fail('AGENT_STATE_NOT_FOUND', '');
  assert.equal(await unknown, 'AGENT_STATE_NOT_FOUND');
});

test('leaving ends what is under way', async () => {
  const { phone } = await ringing();
  const answered = codeOf(phone.answer());
  phone.disconnect();
  assert.equal(await answered, 'DISCONNECTED');
});
