// Shows a fixture in an ordinary browser: /dev/?view=ringing, &page=settings, &settings=AMAZON, &apps=NO_HUB;
// /dev/?question=QUESTION shows the window that asks.

import { mount } from "svelte";

import * as APPS_FIXTURES from "../fixtures/apps";
import { NOW } from "../fixtures/parts";
import * as SETTINGS_VIEWS from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import App from "../src/App.svelte";
import { PAGES } from "../src/frame/pages";
import QuestionWindow from "../src/question/QuestionWindow.svelte";
import "../src/styles/base.css";
import { ReplayAsker, ReplayHost } from "./replay";

const query = new URLSearchParams(location.search);

// The fixtures' moment is now, and time goes on from there.
const opened = Date.now();
const now = Date.now.bind(Date);
Date.now = () => now() - opened + NOW;

/** The fixture that the address names. */
function named<T>(fixtures: Record<string, T>, parameter: string): T | undefined {
  const name = query.get(parameter);
  return name === null ? undefined : fixtures[name];
}

const { QUESTION, LONG_QUESTION, ...APPS } = APPS_FIXTURES;
const question = named({ QUESTION, LONG_QUESTION }, "question");
if (question === undefined) {
  const host = new ReplayHost(
    named(VIEWS, "view") ?? VIEWS.ready,
    named(SETTINGS_VIEWS, "settings") ?? SETTINGS_VIEWS.SETTINGS,
    named(APPS, "apps") ?? APPS.APPS,
  );
  const first = PAGES.find((page) => page === query.get("page"));
  mount(App, { target: document.body, props: { host, first } });
} else {
  const asker = new ReplayAsker(question);
  mount(QuestionWindow, { target: document.body, props: { question, asker } });
}
