// Shows a fixture in an ordinary browser: /dev/?view=ringing, &page=settings, &settings=managed.

import { mount } from "svelte";

import { NOW } from "../fixtures/parts";
import { MANAGED, SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import App from "../src/App.svelte";
import { PAGES } from "../src/frame/pages";
import "../src/styles/base.css";
import { ReplayHost } from "./replay";

const query = new URLSearchParams(location.search);
const [, view] = Object.entries(VIEWS).find(([name]) => name === query.get("view")) ?? [];
const settings = query.get("settings") === "managed" ? MANAGED : SETTINGS;
const first = PAGES.map(({ page }) => page).find((page) => page === query.get("page"));

// The fixtures' moment is now, and time goes on from there.
const opened = Date.now();
const now = Date.now.bind(Date);
Date.now = () => now() - opened + NOW;

mount(App, {
  target: document.body,
  props: { host: new ReplayHost(view ?? VIEWS.ready, settings), first },
});
