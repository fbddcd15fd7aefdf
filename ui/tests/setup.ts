import { afterEach, vi } from "vitest";

// jsdom has no modal dialogs. The focus trap is the browser's own; here it is enough that it opens.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};

// As in index.html.
document.documentElement.lang = "en";

afterEach(() => {
  vi.useRealTimers();
});
