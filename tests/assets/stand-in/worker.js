// In place of the panel's shared worker: each page that connects has a wire of its own.
importScripts("/wire.js");

onconnect = ({ ports: [port] }) => {
  const send = openWire((message) => port.postMessage(message));
  port.onmessage = ({ data }) => send(data);
};
