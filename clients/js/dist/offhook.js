// src/backoff.ts
/** Waiting between attempts to connect again: a random time, so that pages do not come all at once. */
const FIRST_MS = 250;
const LONGEST_MS = 5e3;
/** How long to wait before an attempt, in ms; `failures` have gone before it. */
function pause(failures, random) {
	return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
// src/changes.ts
/** What became of the calls. */
function callChanges(before, now) {
	const old = new Map(before.calls.map((call) => [call.id, call]));
	const changed = now.calls.map((call) => [call, old.get(call.id)]).filter(([call, before]) => !same(call, before));
	const present = new Set(now.calls.map((call) => call.id));
	return [...before.calls.filter((call) => !present.has(call.id)).map((call) => [{
		...call,
		phase: "gone",
		buttons: [],
		legs: []
	}, call]), ...changed];
}
/** Whether two things look the same. */
function same(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
// src/envelope.ts
function envelope(topic, subtopic, rest) {
	return {
		channel: "Amazon",
		topic,
		subtopic,
		...rest
	};
}
/** The envelope in a frame; `undefined` if it is none. */
function read(frame) {
	if (typeof frame !== "string") return void 0;
	try {
		const { channel, topic, subtopic, ...rest } = fields(JSON.parse(frame));
		return channel === "Amazon" && typeof topic === "string" && typeof subtopic === "string" ? {
			channel,
			topic,
			subtopic,
			...rest
		} : void 0;
	} catch {
		return;
	}
}
function fields(value) {
	return typeof value === "object" && value !== null ? value : {};
}
function list(value) {
	return Array.isArray(value) ? value : [];
}
/** A text with something in it. */
function text(value) {
	return (typeof value === "string" ? value.trim() : "") || void 0;
}
/** A moment. The contact centre's clock is in UTC even where it does not say so. */
function moment(value) {
	const written = text(value);
	if (!written) return void 0;
	const date = new Date(/(Z|[+-]\d\d:\d\d)$/.test(written) ? written : `${written}Z`);
	return Number.isNaN(date.getTime()) ? void 0 : date;
}
// src/connection.ts
/** The hub, or whatever stood for it, has ended the connection. */
var Closed = class extends Error {
	/** The WebSocket's close code. */
	code;
	constructor(code) {
		super(`closed with ${code}`);
		this.code = code;
	}
};
/** A WebSocket whose envelopes are taken one by one. */
var Connection = class {
	#socket;
	#received = [];
	#end;
	#wake = () => {};
	constructor(socket) {
		this.#socket = socket;
		socket.onmessage = ({ data }) => {
			const envelope = read(data);
			if (envelope) this.#received.push(envelope);
			this.#wake();
		};
		socket.onclose = ({ code }) => this.#finish(code);
	}
	/**
	* The next envelope.
	* @throws {Closed} when there is none any more.
	*/
	async next() {
		for (;;) {
			const envelope = this.#received.shift();
			if (envelope) return envelope;
			if (this.#end) throw this.#end;
			await new Promise((resolve) => this.#wake = resolve);
		}
	}
	send(envelope) {
		this.#socket.send(JSON.stringify(envelope));
	}
	/** Ends it at once, whether or not the other side takes notice. What came and was not taken is lost. */
	close() {
		this.#socket.close();
		this.#socket.onmessage = null;
		this.#received.length = 0;
		this.#finish(1e3);
	}
	#finish(code) {
		this.#end ??= new Closed(code);
		this.#wake();
	}
};
// src/error.ts
/** The client's own codes, and those of the hub about this page, each with words for the person. */
const SENTENCES = {
	INSECURE_PAGE: "This page was not loaded over https, so the browser lets it reach no app on this device.",
	PERMISSION_DENIED: "The browser does not let this page reach apps on this device. Allow it in the settings of the site, beside its address, and connect again.",
	PERMISSION_DENIED_IN_FRAME: "The browser does not let this part of the page reach apps on this device. Allow it in the settings of the site, beside its address; and the frame needs allow=\"loopback-network; local-network-access\".",
	PERMISSION_NOT_GIVEN: "The browser needs a Yes before this page may reach apps on this device. Connect again, and choose Allow when it asks.",
	FORBIDDEN_BY_PAGE: "The page forbids itself to reach Offhook: its Content-Security-Policy lacks ws://127.0.0.1 with the ports of Offhook under connect-src.",
	BROWSER_REFUSED: "The browser lacks what this page needs to reach Offhook, or keeps it from the page.",
	UNREACHABLE: "Offhook is not running on this computer, or it lets no page of this site join.",
	NOT_PAIRED: "This page has not been connected with Offhook yet.",
	SEVERAL_PHONES: "Offhook runs for several people on this computer. Choose the port that yours shows under Connected apps.",
	NOT_GENUINE: "What answered is not the Offhook that this page was connected with.",
	REVOKED: "This page was taken off the connected apps in Offhook. Connect again to ask.",
	PAIRING_REFUSED: "You said no in Offhook, or did not answer its question. Wait a minute before you connect again.",
	PAIRING_BUSY: "Offhook is asking you about another page. Answer that first, then connect again.",
	LOCKED_OUT: "This page was turned away too often. Wait a minute before you connect again.",
	TOO_MANY_APPS: "Too many pages and apps are connected with Offhook. Close one of them.",
	ACCESS_DENIED: "Offhook lets this page see calls, but not control them.",
	CONNECTION_LOST: "The connection to Offhook was lost.",
	DISCONNECTED: "The page has disconnected from Offhook.",
	NOT_CONNECTED: "The page is not connected with Offhook.",
	NOT_POSSIBLE: "That is not possible now.",
	CALL_GONE: "The call is gone.",
	TIMED_OUT: "The contact centre did not do it in time."
};
/** Why something was refused or failed. Its message is a sentence for the person. */
var OffhookError = class extends Error {
	name = "OffhookError";
	/** For programs: one of the client's codes, or an `errorType` of the bus or of the hub. */
	code;
	/** What the contact centre adds in its own words. The `cause` is for developers. */
	detail;
	constructor(code, message, detail, options) {
		super(message, options);
		this.code = code;
		this.detail = detail;
	}
};
/** An error in the client's words. */
function because(code, cause) {
	return new OffhookError(code, SENTENCES[code], void 0, { cause });
}
/** An error that the hub told, in the client's words where it has any. */
function told(code, message, detail) {
	return isCode(code) ? because(code, detail) : new OffhookError(code, message, detail);
}
function isCode(code) {
	return Object.hasOwn(SENTENCES, code);
}
// src/discovery.ts
/** Which phones run on this device. */
/** Where a phone is looked for, in the phone's own order. */
const PORTS = [
	28711,
	28712,
	28713,
	28714,
	28715
];
/** Of a program that accepts and says nothing. */
const SILENCE_MS$1 = 3e3;
/** Until the person has answered the browser's question. */
const QUESTION_MS = 12e4;
/** For the other ports, once one phone has answered. */
const REST_MS = 1e3;
/**
* Knocks at all ports at once. Ends with the first phone that is known, or with all there are; the
* others are left. When it is aborted, it ends with none.
*/
async function discover(environment, ports, isKnown, signal) {
	const patience = await environment.permission() === "granted" ? SILENCE_MS$1 : QUESTION_MS;
	if (signal.aborted) return [];
	return new Promise((resolve) => {
		const found = [];
		const knocks = ports.map((port) => ({
			port,
			connection: new Connection(environment.open(`ws://127.0.0.1:${port}/v1`, "offhook.v1"))
		}));
		let over = false;
		const finish = (chosen) => {
			over = true;
			clearTimeout(timer);
			signal.removeEventListener("abort", leave);
			const kept = new Set(chosen.map((hub) => hub.connection));
			for (const { connection } of knocks) if (!kept.has(connection)) connection.close();
			resolve(chosen);
		};
		const leave = () => finish([]);
		signal.addEventListener("abort", leave);
		let timer = setTimeout(finish, patience, found);
		let unanswered = knocks.length;
		const heard = (hub) => {
			if (over) return;
			unanswered -= 1;
			if (hub && isKnown(hub.id)) return finish([hub]);
			if (hub && found.push(hub) === 1) {
				clearTimeout(timer);
				timer = setTimeout(finish, REST_MS, found);
			}
			if (unanswered === 0) finish(found);
		};
		for (const { port, connection } of knocks) greeting(port, connection).then(heard, () => heard(void 0));
	});
}
async function greeting(port, connection) {
	const { topic, subtopic, message } = await connection.next();
	const { hubId, nonce, versions } = fields(message);
	const [id, once] = [text(hubId), text(nonce)];
	const speaks = Array.isArray(versions) && versions.includes(1);
	return topic === "App" && subtopic === "Hello" && speaks && id && once ? {
		connection,
		port,
		id,
		nonce: once
	} : void 0;
}
/** Why no phone has answered, as far as a browser lets a page know. */
async function explainSilence(environment) {
	switch (await environment.permission()) {
		case "denied": return because(environment.framed ? "PERMISSION_DENIED_IN_FRAME" : "PERMISSION_DENIED");
		case "prompt": return because("PERMISSION_NOT_GIVEN");
		case "granted":
		case void 0: return because("UNREACHABLE");
	}
}
// src/pairings.ts
const STORE = "pairings";
/** Pairings in the browser's database, which belongs to the page's origin alone. */
var IndexedPairings = class {
	async all(name) {
		return (await this.#do("readonly", (store) => store.getAll())).filter((pairing) => pairing.name === name);
	}
	async keep(pairing) {
		await this.#do("readwrite", (store) => store.put(pairing));
	}
	async remove(name, hubId) {
		await this.#do("readwrite", (store) => store.delete([name, hubId]));
	}
	async #do(mode, order) {
		const opening = indexedDB.open("offhook", 1);
		opening.onupgradeneeded = () => {
			opening.result.createObjectStore(STORE, { keyPath: ["name", "hubId"] });
		};
		const database = await outcome(opening);
		try {
			return await outcome(order(database.transaction(STORE, mode).objectStore(STORE)));
		} finally {
			database.close();
		}
	}
};
function outcome(request) {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}
// src/environment.ts
/** What the client needs of the browser. */
/** The permission's names, in Chrome from 145 on and before. */
const PERMISSIONS = ["loopback-network", "local-network-access"];
const THIS_DEVICE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** The browser that this script runs in. */
function browser() {
	return {
		secure: isSecureContext,
		framed: window.top !== window,
		pairings: new IndexedPairings(),
		open: (url, protocol) => new WebSocket(url, protocol),
		permission,
		onForbidden(listener) {
			const heard = ({ blockedURI }) => listener(blockedURI);
			document.addEventListener("securitypolicyviolation", heard);
			return () => document.removeEventListener("securitypolicyviolation", heard);
		},
		exclusively: (name, signal, task) => navigator.locks.request(name, { signal }, task),
		random: Math.random
	};
}
async function permission() {
	if (THIS_DEVICE.test(location.hostname)) return void 0;
	for (const name of PERMISSIONS) try {
		return (await navigator.permissions.query({ name })).state;
	} catch {}
}
// src/proof.ts
const HMAC = {
	name: "HMAC",
	hash: "SHA-256"
};
/** 32 random bytes in hexadecimal. */
function nonce() {
	return hex(crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(32)));
}
/** Keeps a secret so that no script can read it again. */
function keyOf(secret) {
	return crypto.subtle.importKey("raw", bytes(secret), HMAC, false, ["sign", "verify"]);
}
async function prove(key, claim) {
	return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, signed(claim))));
}
/** Whether the proof is right; takes the same time whatever is wrong with it. */
function verify(key, claim, proof) {
	return crypto.subtle.verify("HMAC", key, bytes(proof), signed(claim));
}
function signed(claim) {
	const { side, port, access, source, hubNonce, clientNonce } = claim;
	const lines = [
		"offhook.v1",
		side,
		"1",
		port,
		access,
		source,
		hubNonce,
		clientNonce
	];
	return new TextEncoder().encode(lines.join("\n"));
}
function hex(bytes) {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function bytes(hex) {
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
// src/registration.ts
/**
* Proves to the hub that this page was paired, lets the hub prove the same, and says what the page
* may do.
* @throws {OffhookError} `NOT_GENUINE`, or what the hub says.
*/
async function register(hub, key, applicant) {
	const { name, access } = applicant;
	const clientNonce = nonce();
	const claim = {
		port: hub.port,
		source: name,
		hubNonce: hub.nonce,
		clientNonce
	};
	const message = {
		version: 1,
		access,
		clientNonce,
		proof: await prove(key, {
			...claim,
			side: "app",
			access
		})
	};
	hub.connection.send(envelope("App", "Register", {
		source: name,
		message
	}));
	const answer = await answerTo(hub, "Registered");
	const granted = answer["access"] === "control" ? "control" : "observe";
	const theirs = text(answer["proof"]) ?? "";
	if (!await verify(key, {
		...claim,
		side: "hub",
		access: granted
	}, theirs)) throw because("NOT_GENUINE");
	return granted;
}
/**
* Asks the person to let this page join, unless the administrator has.
* @throws {OffhookError} what the hub says, e.g. `PAIRING_REFUSED`.
*/
async function pair(hub, { name, access }, show) {
	hub.connection.send(envelope("App", "Pair", {
		source: name,
		message: {
			version: 1,
			access
		}
	}));
	for (;;) {
		const { subtopic, message } = await said(hub);
		const { code, secret } = fields(message);
		if (subtopic === "PairPending") show(text(code) ?? "");
		if (subtopic === "Paired") return keyOf(text(secret) ?? "");
	}
}
async function answerTo(hub, wanted) {
	for (;;) {
		const { subtopic, message } = await said(hub);
		if (subtopic === wanted) return fields(message);
	}
}
/** The hub's next word about this page's application. */
async function said(hub) {
	for (;;) {
		const next = await hub.connection.next();
		if (next.topic === "Error") throw errorIn(next);
		if (next.topic === "App") return next;
	}
}
/** The error in an `ApiError`. */
function errorIn({ data }) {
	const { errorType, errorMessage, msg } = fields(data);
	const code = text(errorType) ?? "UNKNOWN";
	return told(code, text(msg) ?? code, text(errorMessage));
}
// src/join.ts
/** A hub that answers at all answers at once; only the person may take longer. */
const SILENCE_MS = 5e3;
/** The phone gives the person 120 seconds. */
const PAIRING_MS = 125e3;
/** The hub's words for a key that is none any more. */
const STALE_KEY = ["NOT_PAIRED", "REGISTRATION_DENIED"];
/**
* Finds this person's phone, pairs with it if that has not been done, and registers.
* @throws {OffhookError} whatever stands in the way.
*/
async function join(environment, entry) {
	if (!environment.secure) throw because("INSECURE_PAGE");
	if (!entry.ask && await environment.permission() === "prompt") throw because("PERMISSION_NOT_GIVEN");
	const { applicant, signal } = entry;
	const name = `offhook ${applicant.name}`;
	try {
		return await environment.exclusively(name, signal, () => enter(environment, entry));
	} catch (error) {
		throw error instanceof OffhookError ? error : because("BROWSER_REFUSED", error);
	}
}
async function enter(environment, entry) {
	const { applicant, ask, signal } = entry;
	signal.throwIfAborted();
	const pairings = await environment.pairings.all(applicant.name);
	const keys = new Map(pairings.map(({ hubId, key }) => [hubId, key]));
	const hubs = await find$1(environment, entry, (hubId) => keys.has(hubId));
	const [hub] = hubs;
	const leave = () => hubs.forEach(({ connection }) => connection.close());
	signal.addEventListener("abort", leave);
	try {
		signal.throwIfAborted();
		if (!hub) throw await explainSilence(environment);
		const known = keys.get(hub.id);
		if (!known && !ask) throw because("NOT_PAIRED");
		if (!known && hubs.length > 1) throw because("SEVERAL_PHONES");
		const key = known ?? await within(PAIRING_MS, hub, pairWith(environment, hub, entry));
		const access = await within(SILENCE_MS, hub, register(hub, key, applicant));
		return {
			connection: hub.connection,
			hubId: hub.id,
			access
		};
	} catch (error) {
		leave();
		if (hub && keys.has(hub.id) && error instanceof OffhookError && STALE_KEY.includes(error.code)) {
			await environment.pairings.remove(applicant.name, hub.id);
			if (ask) return enter(environment, entry);
			throw because("REVOKED", error);
		}
		throw error instanceof Closed ? because("CONNECTION_LOST", error) : error;
	} finally {
		signal.removeEventListener("abort", leave);
	}
}
async function find$1(environment, { ports, signal }, isKnown) {
	let forbidden = false;
	const stop = environment.onForbidden((address) => {
		forbidden ||= address.startsWith("ws://127.0.0.1");
	});
	try {
		const hubs = await discover(environment, ports, isKnown, signal);
		if (hubs.length === 0 && forbidden) throw because("FORBIDDEN_BY_PAGE");
		return hubs;
	} finally {
		stop();
	}
}
async function pairWith(environment, hub, entry) {
	const { applicant, show } = entry;
	const key = await pair(hub, applicant, show);
	await environment.pairings.keep({
		name: applicant.name,
		hubId: hub.id,
		key
	});
	return key;
}
/** Gives a silent hub up. */
async function within(ms, { connection }, task) {
	const timer = setTimeout(() => connection.close(), ms);
	try {
		return await task;
	} finally {
		clearTimeout(timer);
	}
}
// src/listeners.ts
/** Who listens to what. */
var Listeners = class {
	#listeners = /* @__PURE__ */ new Map();
	/** Returns how to stop listening. */
	add(event, listener) {
		const all = this.#listeners.get(event) ?? /* @__PURE__ */ new Set();
		this.#listeners.set(event, all.add(listener));
		return () => all.delete(listener);
	}
	tell(event, ...told) {
		for (const listener of [...this.#listeners.get(event) ?? []]) try {
			listener(...told);
		} catch (error) {
			queueMicrotask(() => {
				throw error;
			});
		}
	}
};
// src/state.ts
const NO_AGENT = {
	loggedIn: void 0,
	name: void 0,
	type: void 0,
	since: void 0,
	muted: void 0,
	next: void 0
};
/** The phone, as told so far. */
var Phone = class {
	#link = {
		state: void 0,
		connector: void 0
	};
	#agent = NO_AGENT;
	#legs = /* @__PURE__ */ new Map();
	/** By contact. */
	#variables = /* @__PURE__ */ new Map();
	/** When legs that are gone went, so that no late event brings one back. */
	#gone = /* @__PURE__ */ new Map();
	#synced = /* @__PURE__ */ new Set();
	/** Whether link, agent and calls were all told since the last {@link expectAll}. */
	get isWhole() {
		return this.#synced.size === 3;
	}
	/** Everything is about to be told anew. */
	expectAll() {
		this.#synced.clear();
	}
	get state() {
		return {
			link: this.#link,
			agent: this.#agent,
			calls: this.#calls()
		};
	}
	/** Takes in an event; other apps' requests and what is unknown change nothing. */
	take({ topic, subtopic, message, source }) {
		if (source !== void 0) return;
		if (subtopic === "StateSync") this.#synced.add(topic);
		const body = fields(message);
		switch (`${topic}/${subtopic}`) {
			case "App/StateSync":
			case "App/LinkStateChange":
				this.#link = {
					state: text(body["link"]),
					connector: text(body["connector"])
				};
				break;
			case "Agent/StateSync":
			case "Agent/LoginSuccess":
			case "Agent/LogoutSuccess":
				this.#takeAgent(body);
				break;
			case "Agent/SetAgentState":
				this.#takeAgentState(body);
				break;
			case "InboundCall/StateSync":
				this.#takeCalls(body);
				break;
			case "InboundCall/InboundCallStateChange": this.#takeLeg(fields(body["call"]));
		}
	}
	#takeAgent({ loginState, agentInfo, agentState, nextState }) {
		const state = fields(agentState);
		this.#agent = {
			loggedIn: text(loginState)?.toLowerCase().startsWith("loggedin"),
			name: text(state["name"]),
			type: text(state["type"])?.toLowerCase(),
			since: moment(state["startTimestamp"]),
			muted: flag(fields(agentInfo)["muted"]) ?? this.#agent.muted,
			next: text(nextState)
		};
	}
	#takeAgentState({ rules, data }) {
		const { name, type, startTimestamp } = fields(fields(rules)["ResponseActual"]);
		const { muted, nextState } = fields(data);
		this.#agent = {
			loggedIn: true,
			name: text(name) ?? this.#agent.name,
			type: text(type)?.toLowerCase() ?? this.#agent.type,
			since: moment(startTimestamp) ?? this.#agent.since,
			muted: flag(muted) ?? this.#agent.muted,
			next: text(nextState)
		};
	}
	#takeCalls({ attributes, queueName, calls }) {
		const variables = Object.fromEntries(list(attributes).map(fields).map(({ name, value }) => [text(name) ?? "", String(value ?? "")]));
		const before = this.#legs;
		this.#legs = /* @__PURE__ */ new Map();
		this.#variables.clear();
		for (const call of list(calls).map(fields)) {
			const id = text(call["connectionId"]);
			if (!id) continue;
			const contactId = text(call["contactId"]) ?? id;
			const at = moment(call["statusTimestamp"]);
			const state = stateOfStatus(text(call["status"]));
			const known = before.get(id);
			this.#variables.set(contactId, variables);
			this.#legs.set(id, {
				id,
				contactId,
				type: text(call["type"])?.toLowerCase() ?? "inbound",
				state: state === "over" && known && isOver$1(known.state) ? known.state : state,
				since: at,
				number: text(call["phoneNumber"]),
				queue: text(queueName),
				buttons: enabled(fields(call["buttonStates"]), true)
			});
		}
	}
	#takeLeg(call) {
		const actual = fields(call["ResponseActual"]);
		const media = fields(fields(call["ResponseFields"])["MediaProperties"]);
		const id = text(call["id"]) ?? text(actual["connectionId"]);
		if (!id) return;
		const at = moment(actual["statusTimestamp"]);
		const known = this.#legs.get(id);
		const last = known?.since?.getTime() ?? this.#gone.get(id);
		if (at && last !== void 0 && at.getTime() < last) return;
		if (!known && this.#gone.has(id)) return;
		const event = text(call["event"])?.toLowerCase();
		if (event === "dropped") {
			if (at) this.#remember(id, at.getTime());
			this.#legs.delete(id);
			return;
		}
		const contactId = text(actual["contactId"]) ?? known?.contactId ?? id;
		const variables = Object.entries(fields(call["CallVariables"]));
		if (variables.length > 0) this.#variables.set(contactId, Object.fromEntries(variables.map(([name, value]) => [name, String(value ?? "")])));
		const { items } = fields(call["ButtonStates"]);
		this.#legs.set(id, {
			id,
			contactId,
			type: text(call["CallType"])?.toLowerCase() ?? known?.type ?? "inbound",
			state: stateOfEvent(event) ?? known?.state ?? "unknown",
			since: at ?? known?.since,
			number: text(actual["phoneNumber"]) ?? known?.number,
			queue: text(media["queueName"]) ?? known?.queue,
			buttons: items ? enabled(fields(items), "Enable") : known?.buttons ?? []
		});
	}
	#remember(id, at) {
		this.#gone.set(id, at);
		const [oldest] = this.#gone.keys();
		if (this.#gone.size > 32 && oldest) this.#gone.delete(oldest);
	}
	#calls() {
		const legs = [...this.#legs.values()];
		return [...new Set(legs.map((leg) => leg.contactId))].map((id) => {
			return contact(id, legs.filter((leg) => leg.contactId === id), this.#variables.get(id) ?? {});
		});
	}
};
/** Whether a leg has ended and waits to be cleared. */
function isOver$1(state) {
	return [
		"wrapUp",
		"missed",
		"rejected",
		"over"
	].includes(state);
}
function contact(id, known, variables) {
	const buttons = [...new Set(known.flatMap((leg) => leg.buttons))];
	const others = known.filter((leg) => leg.type !== "agent");
	return {
		id,
		phase: phase(known, buttons),
		direction: others.some((leg) => leg.type === "inbound") ? "inbound" : "outbound",
		number: others.find((leg) => leg.number)?.number ?? variables["ANI"],
		queue: known.find((leg) => leg.queue)?.queue,
		variables,
		buttons,
		legs: known.map(({ contactId: _, queue: __, ...leg }) => leg)
	};
}
function phase(legs, buttons) {
	const others = legs.filter((leg) => leg.type !== "agent");
	const any = (state) => others.some((leg) => leg.state === state);
	if (buttons.includes("answer")) return "ringing";
	if (legs.some((leg) => leg.type === "agent" && isOver$1(leg.state))) return "over";
	if (any("connected")) return "connected";
	if (any("held")) return "held";
	return legs.some((leg) => leg.state === "connecting") ? "connecting" : "over";
}
function stateOfStatus(status) {
	switch (status?.toLowerCase()) {
		case "connecting": return "connecting";
		case "connected": return "connected";
		case "hold": return "held";
		case "disconnected": return "over";
		default: return "unknown";
	}
}
function stateOfEvent(event) {
	switch (event) {
		case "connecting": return "connecting";
		case "connected": return "connected";
		case "hold": return "held";
		case "acw": return "wrapUp";
		case "missed": return "missed";
		case "rejected": return "rejected";
		default: return;
	}
}
function enabled(buttons, yes) {
	return Object.keys(buttons).filter((button) => buttons[button] === yes);
}
function flag(value) {
	return typeof value === "boolean" ? value : void 0;
}
// src/orders.ts
function answer(state, id) {
	return order("Answer", "ANSWER_CALL_FAILED", becomes(offering(state, "answer", id), "connected"));
}
function reject(state, id) {
	return order("Reject", "REJECT_CALL_FAILED", ends(offering(state, "reject", id)));
}
function hangUp(state, id) {
	const leg = offering(state, "disconnect", id);
	return {
		...order("Disconnect", "DISCONNECT_CALL_FAILED", ends(leg)),
		data: leg.id
	};
}
function hold(state, id) {
	const leg = offering(state, "hold", id);
	return {
		...order("Hold", "HOLD_CALL_FAILED", becomes(leg, "held")),
		data: leg.id
	};
}
function resume(state, id) {
	const leg = offering(state, "resume", id);
	return {
		...order("Resume", "RESUME_CALL_FAILED", becomes(leg, "connected")),
		data: leg.id
	};
}
function clear(state, id) {
	const leg = offering(state, "clearContact", id);
	return order("ClearContact", "CLEAR_CONTACT_FAILED", (now) => find(now, leg.id) ? "waiting" : "done");
}
/** Done when a leg to somebody new is there; whether they answer is another matter. */
function dial(state, number) {
	return {
		...order("SetMakeCall", "MAKE_CALL_FAILED", somebodyNew(state)),
		data: number
	};
}
/** The same with a call that goes on. */
function consult(state, number, id) {
	offering(state, "consult", id);
	return {
		...order("Consult", "CONSULT_CALL_FAILED", somebodyNew(state)),
		data: number
	};
}
/** Done when somebody else is on hold. */
function swap(state, id) {
	offering(state, "swap", id);
	const before = held(state);
	return order("Swap", "SWAP_CALL_FAILED", (now) => held(now) === before ? "waiting" : "done");
}
/** Done when nobody is on hold any more. */
function conference(state, id) {
	offering(state, "conference", id);
	return order("Conference", "CONFERENCE_CALL_FAILED", (now) => held(now) ? "waiting" : "done");
}
/** Done when the agent is out. */
function transfer(state, id) {
	return order("Transfer", "TRANSFER_CALL_FAILED", ends(offering(state, "transfer", id)));
}
function digits(state, pressed, id) {
	offering(state, "numberpad", id);
	return {
		topic: "InboundCall",
		subtopic: "SendDTMF",
		data: pressed,
		failure: "SEND_DTMF_FAILED"
	};
}
/** Done when calls come, or will after the call. */
function ready() {
	return agentOrder("SetReady", (state) => {
		const follows = onCall(state) && state.agent.next === void 0;
		return state.agent.type === "routable" || follows;
	});
}
/** Done when the agent is in that state, or will be after the call. */
function notReady(name) {
	const same = (other) => other?.toLowerCase() === name.toLowerCase();
	return {
		...agentOrder("SetNotReady", ({ agent }) => same(agent.name) || same(agent.next)),
		data: { ReasonCodeId: name }
	};
}
function mute(muted) {
	return {
		...agentOrder(muted ? "Mute" : "Unmute", ({ agent }) => agent.muted === muted),
		failure: "MUTE_FAILED"
	};
}
function order(subtopic, failure, judge) {
	return {
		topic: "InboundCall",
		subtopic,
		failure,
		judge
	};
}
function agentOrder(subtopic, isDone) {
	return {
		topic: "Agent",
		subtopic,
		failure: "UPDATE_AGENT_STATE_FAILED",
		judge: (state) => isDone(state) ? "done" : "waiting"
	};
}
/** The leg that a button is for: one that the agent talks to rather than one on hold. */
function offering({ calls }, button, id) {
	const legs = calls.filter((call) => id === void 0 || call.id === id).flatMap((call) => call.legs).filter((leg) => leg.buttons.includes(button));
	const leg = legs.find((leg) => leg.state !== "held") ?? legs[0];
	if (!leg) throw because("NOT_POSSIBLE", `no call offers ${button}`);
	return leg;
}
function becomes({ id }, wanted) {
	return (state) => {
		const leg = find(state, id);
		if (!leg || isOver$1(leg.state)) return "gone";
		return leg.state === wanted ? "done" : "waiting";
	};
}
function ends({ id }) {
	return (state) => {
		const leg = find(state, id);
		return leg && !isOver$1(leg.state) ? "waiting" : "done";
	};
}
function somebodyNew(before) {
	const known = new Set(legsOf(before).map((leg) => leg.id));
	const isNew = (leg) => leg.type === "outbound" && !known.has(leg.id);
	return (state) => legsOf(state).some(isNew) ? "done" : "waiting";
}
/** Who of the other parties is on hold. */
function held(state) {
	return legsOf(state).filter((leg) => leg.type !== "agent" && leg.state === "held").map((leg) => leg.id).join(" ");
}
function onCall({ calls }) {
	return calls.some((call) => call.phase !== "over");
}
function find(state, id) {
	return legsOf(state).find((leg) => leg.id === id);
}
function legsOf({ calls }) {
	return calls.flatMap((call) => call.legs);
}
// src/requests.ts
/** When an outcome has not been heard of, the phone is asked for its state. */
const ASK_MS = 5e3;
const DEADLINE_MS = 1e4;
/** Answers to nobody in particular. */
const ALARMS = ["MICROPHONE_OPENED"];
/** The requests of this page that have no outcome yet. */
var Requests = class {
	#send;
	#pending = /* @__PURE__ */ new Set();
	constructor(send) {
		this.#send = send;
	}
	/**
	* Carries an order out. The same order again, while the first is under way, is not sent again, unless it
	* is one like a digit, which does something each time.
	*/
	carryOut(order, state) {
		const name = JSON.stringify([order.subtopic, order.data]);
		const same = [...this.#pending].find((pending) => pending.name === name);
		if (same && order.judge) return same.promise;
		if (order.judge?.(state) === "done") return Promise.resolve();
		const { promise, resolve, reject } = deferred();
		const asking = setTimeout(() => this.#askFor(order), ASK_MS);
		const deadline = setTimeout(() => end(because("TIMED_OUT")), DEADLINE_MS);
		const end = (error) => {
			clearTimeout(asking);
			clearTimeout(deadline);
			this.#pending.delete(pending);
			if (error) reject(error);
			else resolve();
		};
		const pending = {
			name,
			order,
			promise,
			end
		};
		this.#pending.add(pending);
		this.#send(order);
		if (!order.judge) this.#askFor(order);
		return promise;
	}
	/** Looks whether the state shows an outcome. */
	judge(state) {
		for (const { order, end } of [...this.#pending]) {
			const verdict = order.judge?.(state) ?? "waiting";
			if (verdict === "done") end();
			if (verdict === "gone") end(because("CALL_GONE"));
		}
	}
	/** An answer came to a request for the state, which orders without a judge wait for, each for its own. */
	answered({ topic }) {
		const waits = ({ order }) => !order.judge && order.topic === topic;
		[...this.#pending].find(waits)?.end();
	}
	/** Ends what this error is about. Whether it was anything's answer. */
	fail(error) {
		const failed = [...this.#pending].filter(({ order }) => isAbout(error.code, order));
		for (const { end } of failed) end(error);
		return failed.length > 0;
	}
	/** The connection was lost, and with it what only an answer would have shown. */
	loseUnseen(error) {
		for (const { order, end } of [...this.#pending]) if (!order.judge) end(error);
	}
	/** Ends everything. */
	abandon(error) {
		for (const { end } of [...this.#pending]) end(error);
	}
	#askFor({ topic }) {
		this.#send({
			topic,
			subtopic: "StateSync"
		});
	}
};
/** Errors of the contact centre go to everybody, so that another app's request may have failed. */
function isAbout(code, { failure }) {
	if (ALARMS.includes(code)) return false;
	if (code === "AGENT_STATE_NOT_FOUND") return failure === "UPDATE_AGENT_STATE_FAILED";
	return code.endsWith("_FAILED") ? code === failure : true;
}
function deferred() {
	let resolve;
	let reject;
	return {
		promise: new Promise((yes, no) => {
			resolve = yes;
			reject = no;
		}),
		resolve,
		reject
	};
}
// src/offhook.ts
/** For the whole state, after the page was let in. */
const STATE_MS = 5e3;
/** A connection that held this long was none that fails again and again. */
const STABLE_MS = 5e3;
/** The hub's close code for a page that may not go on. */
const DENIED = 4003;
/** What may be over at the next attempt. */
const PASSING = [
	"UNREACHABLE",
	"NOT_PAIRED",
	"CONNECTION_LOST",
	"TOO_MANY_APPS",
	"BROWSER_REFUSED"
];
/** The phone of the person who looks at this page. */
var Offhook = class {
	#applicant;
	#ports;
	#environment;
	#listeners = new Listeners();
	#phone = new Phone();
	#requests = new Requests((request) => this.#send(request));
	#state = this.#phone.state;
	#status = { phase: "idle" };
	#session;
	/** `environment` is for tests: another one than this browser. */
	constructor(options, environment = browser()) {
		this.#applicant = {
			name: options.name,
			access: options.access ?? "observe"
		};
		this.#ports = options.ports ?? PORTS;
		this.#environment = environment;
	}
	/** How this page stands with the phone. */
	get status() {
		return this.#status;
	}
	/** The phone as last heard of; old while not connected. */
	get state() {
		return this.#state;
	}
	/** The calls there are. */
	get calls() {
		return this.#state.calls;
	}
	/** Calls `listener` whenever that happens; returns how to stop it. */
	on(event, listener) {
		return this.#listeners.add(event, listener);
	}
	/**
	* Joins the phone. Call it from a click: the browser may ask the person, and so may the phone.
	* From then on the connection is restored by itself.
	* @throws {OffhookError} whatever stands in the way.
	*/
	connect({ ask = true, port } = {}) {
		if (this.#status.phase === "connected") return Promise.resolve();
		const running = this.#session;
		if (running?.joined && (running.ask || !ask)) return running.joined;
		this.#end(because("DISCONNECTED"));
		const ports = port === void 0 ? this.#ports : [port];
		const session = {
			leaving: new AbortController(),
			ask,
			ports,
			failures: 0
		};
		this.#session = session;
		this.#set({ phase: "connecting" });
		session.joined = this.#join(session).catch((error) => {
			if (isOver(session)) throw because("DISCONNECTED");
			this.#end(because("NOT_CONNECTED"));
			throw error;
		});
		return session.joined;
	}
	/** Leaves the phone. It stays paired. */
	disconnect() {
		this.#end(because("DISCONNECTED"));
	}
	/** Leaves the phone and forgets the pairing on this side: to come back, the person has to be asked. */
	async forget() {
		this.disconnect();
		const { pairings } = this.#environment;
		const { name } = this.#applicant;
		for (const { hubId } of await pairings.all(name)) await pairings.remove(name, hubId);
	}
	/** Answers the ringing call. */
	answer(call) {
		return this.#order((state) => answer(state, call));
	}
	/** Rejects the ringing call. */
	reject(call) {
		return this.#order((state) => reject(state, call));
	}
	/** Ends the call; with several parties, the leg that the agent is talking to. */
	hangUp(call) {
		return this.#order((state) => hangUp(state, call));
	}
	/** Puts the other party on hold. */
	hold(call) {
		return this.#order((state) => hold(state, call));
	}
	/** Takes the other party off hold. */
	resume(call) {
		return this.#order((state) => resume(state, call));
	}
	/** Leaves wrap-up, a missed or a rejected call. */
	clear(call) {
		return this.#order((state) => clear(state, call));
	}
	/** Calls a number, in E.164 form: `+441632960011`. */
	dial(number) {
		return this.#order((state) => dial(state, number));
	}
	/** Calls somebody to talk to during a call, which is held. */
	consult(number, call) {
		return this.#order((state) => consult(state, number, call));
	}
	/** Changes between two parties. */
	swap(call) {
		return this.#order((state) => swap(state, call));
	}
	/** Lets all parties talk to each other. */
	conference(call) {
		return this.#order((state) => conference(state, call));
	}
	/** Leaves the other parties to each other. */
	transfer(call) {
		return this.#order((state) => transfer(state, call));
	}
	/** Sends digits of the number pad. */
	digits(pressed, call) {
		return this.#order((state) => digits(state, pressed, call));
	}
	/** Makes the agent ready for calls. */
	ready() {
		return this.#order(ready);
	}
	/** Puts the agent in a state that takes no calls, e.g. `Break`. */
	notReady(state) {
		return this.#order(() => notReady(state));
	}
	/** Mutes the agent's microphone. */
	mute() {
		return this.#order(() => mute(true));
	}
	/** Opens the agent's microphone. */
	unmute() {
		return this.#order(() => mute(false));
	}
	async #order(order) {
		if (this.#status.phase !== "connected") throw because("NOT_CONNECTED");
		return this.#requests.carryOut(order(this.#state), this.#state);
	}
	#send(request) {
		if (this.#status.phase !== "connected") return;
		const { topic, subtopic, data } = request;
		const source = this.#applicant.name;
		this.#session?.connection?.send(envelope(topic, subtopic, {
			source,
			data
		}));
	}
	async #join(session) {
		const joined = await join(this.#environment, {
			applicant: this.#applicant,
			ports: session.ports,
			ask: session.ask,
			signal: session.leaving.signal,
			show: (code) => {
				this.#set({
					phase: "pairing",
					code
				});
				this.#listeners.tell("code", code);
			}
		});
		session.connection = joined.connection;
		await within(STATE_MS, joined, this.#learnAll(joined)).catch((error) => {
			throw error instanceof Closed ? because("CONNECTION_LOST", error) : error;
		});
		if (isOver(session)) {
			joined.connection.close();
			throw because("DISCONNECTED");
		}
		this.#becomeConnected(session, joined.access);
		this.#follow(session, joined);
	}
	/** Takes the whole state, which comes at once. */
	async #learnAll({ connection }) {
		this.#phone.expectAll();
		while (!this.#phone.isWhole) this.#phone.take(await connection.next());
	}
	#becomeConnected(session, access) {
		session.ask = false;
		this.#set({
			phase: "connected",
			access
		});
		this.#tellChanges();
	}
	/** Takes everything that comes, until the connection ends. */
	async #follow(session, { connection, hubId }) {
		const since = performance.now();
		try {
			for (;;) this.#take(await connection.next());
		} catch (end) {
			if (isOver(session)) return;
			if (end instanceof Closed && end.code === DENIED) {
				await this.#environment.pairings.remove(this.#applicant.name, hubId);
				if (!isOver(session)) this.#close(because("REVOKED"));
				return;
			}
			connection.close();
			this.#requests.loseUnseen(because("CONNECTION_LOST"));
			session.failures = performance.now() - since >= STABLE_MS ? 0 : session.failures + 1;
			session.joined = this.#restore(session);
			session.joined.catch(() => {});
		}
	}
	async #restore(session) {
		let problem;
		for (;;) {
			this.#set({
				phase: "reconnecting",
				problem
			});
			const wait = pause(session.failures, this.#environment.random());
			await new Promise((resolve) => setTimeout(resolve, wait));
			if (isOver(session)) throw because("DISCONNECTED");
			try {
				return await this.#join(session);
			} catch (error) {
				session.connection?.close();
				if (isOver(session)) throw because("DISCONNECTED");
				problem = error instanceof OffhookError ? error : because("CONNECTION_LOST", error);
				if (!PASSING.includes(problem.code)) {
					this.#close(problem);
					throw problem;
				}
				session.failures += 1;
			}
		}
	}
	#take(message) {
		if (message.topic === "Error") {
			const error = errorIn(message);
			if (!this.#requests.fail(error)) this.#listeners.tell("error", error);
			return;
		}
		this.#phone.take(message);
		this.#tellChanges();
		if (message.subtopic === "StateSync" && message.source === void 0) this.#requests.answered(message);
	}
	#tellChanges() {
		const before = this.#state;
		const now = this.#phone.state;
		this.#requests.judge(now);
		if (same(before, now)) return;
		this.#state = now;
		for (const change of callChanges(before, now)) this.#listeners.tell("call", ...change);
		if (!same(before.agent, now.agent)) this.#listeners.tell("agent", now.agent);
		this.#listeners.tell("state", now);
	}
	/** Ends the session for good, and says why. */
	#close(error) {
		this.#end(error);
		this.#listeners.tell("closed", error);
	}
	#end(error) {
		const session = this.#session;
		if (!session) return;
		session.leaving.abort();
		session.connection?.close();
		this.#session = void 0;
		this.#requests.abandon(error);
		this.#set({ phase: "idle" });
	}
	#set(status) {
		this.#status = status;
		this.#listeners.tell("status", status);
	}
};
function isOver({ leaving }) {
	return leaving.signal.aborted;
}
export { Offhook, OffhookError };
