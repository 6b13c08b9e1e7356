// Leads a Node program's connections to AWS's host names to the emulator on this machine, and others nowhere
// (loaded with --require).
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");

const { env } = process;
const suffixes = (env.PENSTOCK_HOST_SUFFIXES || "").split(",").filter(Boolean);
const ports = { http: Number(env.PENSTOCK_HTTP_PORT), tls: Number(env.PENSTOCK_TLS_PORT) };
const protection = env.PENSTOCK_PROTECTION;
const reports = env.PENSTOCK_REPORTS_PORT;
const tell = `
  const report = require("node:net").connect(Number(process.argv[1]), "127.0.0.1");
  report.on("error", () => {}).resume().write(process.argv[2]);
`;
const words = "a rehearsal reaches nothing but the emulator and package registries";

const named = (host) => String(host || "").replace(/\.$/, "").toLowerCase();

const ours = (host) => suffixes.some((suffix) => named(host) === suffix || named(host).endsWith(`.${suffix}`));

const loopback = (host) => /^(localhost|.*\.localhost|127\..*|::1|::|0\.0\.0\.0|::ffff:127\..*)$/.test(host);

// RFC 6761: no such name exists, so nobody tries to reach one.
const nowhere = /\.(invalid|test|example)$/;

const inHosts = (name) => {
  try {
    const lines = fs.readFileSync("/etc/hosts", "utf8").toLowerCase().split("\n");
    return lines.some((line) => line.split("#")[0].split(/\s+/).slice(1).includes(name));
  } catch {
    return false;
  }
};

// The kernel judges addresses, and cannot know the name one stood for.
const leaves = (host) => {
  if (!protection || !host || loopback(host) || nowhere.test(host)) return false;
  return net.isIP(host) ? protection === "hooks" : !inHosts(host) && host !== os.hostname().toLowerCase();
};

const note = (destination) => {
  const within = env.AWS_LAMBDA_FUNCTION_NAME
    ? `function ${env.AWS_LAMBDA_FUNCTION_NAME}`
    : env.CODEBUILD_BUILD_ID
      ? `build ${env.CODEBUILD_BUILD_ID}`
      : "";
  const command = [process.argv0, ...process.argv.slice(1)].join(" ").slice(0, 2000);
  const said = `NOTE ${JSON.stringify({ destination, pid: process.pid, command, within })}\r\n\r\n`;
  // Node has no socket that waits, and this program may end at once.
  spawnSync(process.execPath, ["-e", tell, reports, said], { env: {}, stdio: "ignore", timeout: 30000 });
};

const refused = (host, port) => {
  const destination = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  note(destination);
  const error = new Error(`connect ENETUNREACH ${destination}: ${words}`);
  return Object.assign(error, { code: "ENETUNREACH", syscall: "connect", address: host, port });
};

// Asking for such a name would leave the machine all the same.
const missing = (host) => {
  const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
  return Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: host });
};

const lead = (list) => {
  const given = list[0];
  if (given && typeof given === "object" && ours(given.host)) {
    const port = Number(given.port) === 80 ? ports.http : ports.tls;
    list[0] = { ...given, host: "127.0.0.1", port, lookup: undefined };
    return null;
  }
  const options = given && typeof given === "object" ? given : { port: given, host: list[1] };
  const host = typeof options.host === "string" ? named(options.host) : "";
  if (options.path) return null;
  if (protection && nowhere.test(host)) return missing(host);
  return leaves(host) ? refused(host, options.port) : null;
};

if (suffixes.length && ports.tls) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function redirected(...args) {
    // Node hands its own normalised arguments on as one array: [options, callback].
    const error = lead(Array.isArray(args[0]) ? args[0] : args);
    if (!error) return connect.apply(this, args);
    process.nextTick(() => this.destroy(error));
    return this;
  };
}

if (protection === "hooks") {
  const dgram = require("node:dgram");
  const send = dgram.Socket.prototype.send;
  dgram.Socket.prototype.send = function held(...args) {
    const host = args.slice(1).find((one) => typeof one === "string");
    if (!host || !leaves(named(host))) return send.apply(this, args);
    const error = refused(named(host), args.find((one, at) => at && typeof one === "number") || 0);
    const callback = args.find((one) => typeof one === "function");
    process.nextTick(() => (callback ? callback(error) : this.emit("error", error)));
    return undefined;
  };
}
