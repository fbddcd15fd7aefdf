// Passes the library's messages on to the test, and the test's to the library. Decides nothing.

/** Dates travel as dates between the pages of a panel, and as text to the test. */
function revive(name, value) {
  return typeof value === "string" && /timestamp$/i.test(name) ? new Date(value) : value;
}

/** Opens the way to the test. Its messages go to `post`; gives back how to send one. */
function openWire(post) {
  const wire = new WebSocket(`ws://${location.host}/wire`);
  const waiting = [];
  wire.onopen = () => waiting.splice(0).forEach((text) => wire.send(text));
  wire.onmessage = ({ data }) => post(JSON.parse(data, revive));
  return (message) => {
    const text = JSON.stringify(message);
    if (wire.readyState === WebSocket.CONNECTING) {
      waiting.push(text);
    } else {
      wire.send(text);
    }
  };
}
