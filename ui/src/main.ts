import { mount } from "svelte";

import App from "./App.svelte";
import { tauriHost } from "./host";
import "./styles/base.css";

mount(App, { target: document.body, props: { host: tauriHost } });
