// The window that asks the person whether a web page may join. The shell opens one for each question, and
// closes it with the answer.

import { mount } from "svelte";

import { tauriAsker } from "../host";
import "../styles/base.css";
import QuestionWindow from "./QuestionWindow.svelte";

const question = await tauriAsker.currentQuestion();
// Nothing is asked any more if it was withdrawn meanwhile: the window is closing.
if (question !== null) {
  mount(QuestionWindow, { target: document.body, props: { question, asker: tauriAsker } });
}
