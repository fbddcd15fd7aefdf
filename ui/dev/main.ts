// Shows a fixture in an ordinary browser: /dev/?view=ringing, &page=settings, &settings=AMAZON.

import { mount } from "svelte";

import { NOW } from "../fixtures/parts";
import * as SETTINGS_VIEWS from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import App from "../src/App.svelte";
import { PAGES } from "../src/frame/pages";
import "../src/styles/base.css";
import { ReplayHost } from "./replay";

const query = new URLSearchParams(location.search);
const [, view] = Object.entries(VIEWS).find(([name]) => name === query.get("view")) ?? [];
const [, settings] =
  Object.entries(SETTINGS_VIEWS).find(([name]) => name === query.get("settings")) ?? [];
const first = PAGES.map(({ page }) => page).find((page) => page === query.get("page"));

// The fixtures' moment is now, and time goes on from there.
const opened = Date.now();
const now = Date.now.bind(Date);
Date.now = () => now() - opened + NOW;

mount(App, {
  target: document.body,
  props: { host: new ReplayHost(view ?? VIEWS.ready, settings ?? SETTINGS_VIEWS.SETTINGS), first },
});
