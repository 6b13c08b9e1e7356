// Leads a Node program's connections to AWS's host names to the emulator on this machine (loaded with --require).
"use strict";

const net = require("node:net");

const suffixes = (process.env.PENSTOCK_HOST_SUFFIXES || "").split(",").filter(Boolean);
const ports = { http: Number(process.env.PENSTOCK_HTTP_PORT), tls: Number(process.env.PENSTOCK_TLS_PORT) };

const ours = (host) => {
  const name = String(host || "").replace(/\.$/, "").toLowerCase();
  return suffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
};

if (suffixes.length && ports.tls) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function redirected(...args) {
    // Node hands its own normalised arguments on as one array: [options, callback].
    const list = Array.isArray(args[0]) ? args[0] : args;
    const given = list[0];
    if (given && typeof given === "object" && ours(given.host)) {
      const port = Number(given.port) === 80 ? ports.http : ports.tls;
      list[0] = { ...given, host: "127.0.0.1", port, lookup: undefined };
    }
    return connect.apply(this, args);
  };
}
