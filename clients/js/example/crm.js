// A page that shows the customer who calls. What it does with the phone stands in docs/crm.md.

import { Offhook } from '../dist/offhook.js';

const PHASES = {
  ringing: 'Ringing',
  connecting: 'Connecting',
  connected: 'On the line',
  held: 'On hold',
  over: 'Wrap-up',
};

const ENDINGS = { missed: 'Missed call', rejected: 'Rejected call' };

/** The states that the contact centre sets by itself. Those that a person chooses have names to show. */
const AGENT_STATES = {
  pendingbusy: 'Call waiting',
  busy: 'On a call',
  callingcustomer: 'On a call',
  aftercallwork: 'Wrap-up',
  missedcallagent: 'Missed call',
  failedconnectagent: 'Call failed',
  failedconnectcustomer: 'Call failed',
};

/** What a click does, by the name under which a call offers it. */
const BUTTONS = {
  answer: (id) => phone.answer(id),
  reject: (id) => phone.reject(id),
  hold: (id) => phone.hold(id),
  resume: (id) => phone.resume(id),
  disconnect: (id) => phone.hangUp(id),
  clearContact: (id) => phone.clear(id),
};

const DETAILS = {
  company: 'Company',
  number: 'Number',
  since: 'Customer since',
  lastOrder: 'Last order',
  note: 'Note',
};

const NOTICES = {
  idle: () => '',
  connecting: () => 'Connecting. If the browser asks, choose Allow.',
  pairing: ({ code }) =>
    `Offhook asks you about this page. If it shows the code ${code} too, choose “Allow to see and control”.`,
  connected: ({ access }) =>
    access === 'control' ? '' : 'Offhook lets this page see calls, but not control them.',
  reconnecting: ({ problem }) =>
    problem?.message ?? 'The connection to Offhook is being restored. What you see may be old.',
};

const element = (id) => document.getElementById(id);
const customers = await (await fetch('customers.json')).json();
const phone = new Offhook({ name: 'Meadow CRM', access: 'control' });
// Where several people's phones run on one computer, a link names the port of one's own: ?port=28712
const port = Number(new URLSearchParams(location.search).get('port')) || undefined;

element('connect').onclick = () => phone.connect({ port }).catch(complain);
for (const button of buttons()) button.onclick = () => press(button);
phone.on('status', showStatus);
phone.on('state', show);
phone.on('closed', complain);
phone.on('error', complain);

// Whoever has connected before is connected again without a click, unless somebody has to be asked.
phone.connect({ ask: false, port }).catch(() => {});

function showStatus(status) {
  document.body.dataset.phase = status.phase;
  element('connect').hidden = status.phase !== 'idle';
  notice(NOTICES[status.phase](status));
  show();
}

/** Draws everything anew. Whoever is out may not see callers any more, and what is restored may be old. */
function show() {
  const { phase, access } = phone.status;
  const isIn = phase === 'connected' || phase === 'reconnecting';
  element('nobody').hidden = !isIn || !!current();
  showAgent(isIn ? phone.state.agent : undefined);
  showCall(isIn ? current() : undefined);
  showCustomer(isIn ? current() : undefined);
  if (phase === 'connected') element('buttons').hidden = access !== 'control';
  for (const button of buttons()) button.disabled = phase !== 'connected' || !offers(button);
}

function showAgent(agent) {
  element('agent').textContent = agent ? stateOf(agent) : '';
}

function showCall(call) {
  element('call').hidden = !call;
  element('call').dataset.phase = call?.phase ?? '';
  element('phase').textContent = call ? whereIs(call) : '';
  element('caller').textContent = call ? (call.number ?? 'Unknown number') : '';
  element('line').textContent = call?.queue ?? '';
}

function whereIs({ phase, legs }) {
  const ended = legs.map(({ state }) => ENDINGS[state]).find(Boolean);
  return (phase === 'over' && ended) || PHASES[phase];
}

/** The customer whose number calls. */
function showCustomer(call) {
  const calling = call?.variables.ANI ?? call?.number;
  const customer = customers.find((customer) => customer.number === calling);
  element('customer').hidden = !customer;
  element('name').textContent = customer?.name ?? '';
  const rows = Object.entries(customer ? DETAILS : {}).flatMap(([key, label]) => {
    return [text('dt', label), text('dd', customer[key])];
  });
  element('details').replaceChildren(...rows);
}

/** The agent's state as the phone calls it. Some names come with and without spaces. */
function stateOf({ loggedIn, name, type }) {
  if (loggedIn === false) return 'Logged out';
  const known = AGENT_STATES[name?.replaceAll(' ', '').toLowerCase()];
  return known ?? (type === 'system' ? 'On a call' : (name ?? ''));
}

/** The call that the page is about: one that rings rather than one that is there. */
function current() {
  return phone.calls.find(({ phase }) => phase === 'ringing') ?? phone.calls[0];
}

function buttons() {
  return element('buttons').children;
}

function offers({ dataset }) {
  return current()?.buttons.includes(dataset.button);
}

async function press({ dataset }) {
  notice('');
  await BUTTONS[dataset.button](current().id).catch(complain);
}

/** Says what went wrong; the `detail` is the contact centre's. */
function complain({ code, message, detail }) {
  notice([message, detail].filter(Boolean).join(' '));
  element('notice').dataset.code = code;
}

function notice(sentence) {
  element('notice').textContent = sentence;
  delete element('notice').dataset.code;
}

function text(tag, content) {
  return Object.assign(document.createElement(tag), { textContent: content });
}
