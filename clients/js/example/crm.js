// A page that pops the customer up who calls. What it does with the phone stands in docs/crm.md.

import { Offhook } from '../dist/offhook.js';

const PHASES = {
  ringing: 'Ringing',
  connecting: 'Connecting',
  connected: 'On the line',
  held: 'On hold',
  over: 'Wrap-up',
};

/** What is offered for a call, and what a click does. */
const BUTTONS = {
  answer: ['Answer', (call) => phone.answer(call.id)],
  reject: ['Reject', (call) => phone.reject(call.id)],
  hold: ['Hold', (call) => phone.hold(call.id)],
  resume: ['Resume', (call) => phone.resume(call.id)],
  disconnect: ['Hang up', (call) => phone.hangUp(call.id)],
  clearContact: ['Clear', (call) => phone.clear(call.id)],
};

const DETAILS = {
  company: 'Company',
  number: 'Number',
  since: 'Customer since',
  lastOrder: 'Last order',
  note: 'Note',
};

const element = (id) => document.getElementById(id);
const customers = await (await fetch('customers.json')).json();
const phone = new Offhook({ name: 'Meadow CRM', access: 'control' });
// Where several people's phones run on one computer, a link names the port of one's own: ?port=28712
const port = Number(new URLSearchParams(location.search).get('port')) || undefined;

element('connect').onclick = () => attempt(phone.connect({ port }));
phone.on('status', showStatus);
phone.on('agent', showAgent);
phone.on('call', (call, before) => {
  showCall(call.phase === 'gone' ? phone.calls[0] : call);
  if (call.phase === 'ringing' && before?.phase !== 'ringing') popUp(call);
  if (phone.calls.length === 0) element('customer').hidden = true;
});
phone.on('code', (code) => notice(`Say Yes in Offhook if it shows the same code: ${code}`));
phone.on('closed', complain);
phone.on('error', complain);

// Whoever has connected before is connected again without a click, unless somebody has to be asked.
phone.connect({ ask: false, port }).catch(() => {});

/** The customer whose number calls. */
function popUp({ variables, number }) {
  const calling = variables.ANI ?? number;
  const customer = customers.find((customer) => customer.number === calling);
  element('customer').hidden = !customer;
  if (!customer) return;
  element('name').textContent = customer.name;
  const rows = Object.entries(DETAILS).flatMap(([key, label]) => {
    return [text('dt', label), text('dd', customer[key])];
  });
  element('details').replaceChildren(...rows);
}

function showCall(call) {
  element('call').hidden = !call;
  element('nobody').hidden = !!call;
  if (!call) return;
  element('call').dataset.phase = call.phase;
  element('phase').textContent = PHASES[call.phase];
  element('caller').textContent = call.number ?? 'Unknown number';
  element('line').textContent = call.queue ?? '';
  const offered = Object.keys(BUTTONS).filter((button) => call.buttons.includes(button));
  element('buttons').replaceChildren(...offered.map((name) => button(name, call)));
}

function showStatus({ phase, problem }) {
  document.body.dataset.phase = phase;
  element('connect').hidden = phase !== 'idle';
  if (phase === 'connecting') notice('Connecting. If the browser asks, choose Allow.');
  if (phase === 'connected') notice('');
  if (phase === 'reconnecting') {
    notice(problem?.message ?? 'The connection to Offhook is being restored.');
  }
}

function showAgent({ name }) {
  element('agent').textContent = name ?? '';
}

async function attempt(outcome) {
  try {
    await outcome;
  } catch (error) {
    complain(error);
  }
}

function complain(error) {
  notice([error.message, error.detail].filter(Boolean).join(' '));
  element('notice').dataset.code = error.code;
}

function notice(sentence) {
  element('notice').textContent = sentence;
  delete element('notice').dataset.code;
}

function button(name, call) {
  const [label, press] = BUTTONS[name];
  const made = text('button', label);
  made.type = 'button';
  made.dataset.button = name;
  made.onclick = () => attempt(press(call));
  return made;
}

function text(tag, content) {
  return Object.assign(document.createElement(tag), { textContent: content });
}
