// Stands in for the compiled part of aws-lambda-ric: the Runtime API over Node's own http, nothing else.
"use strict";

const http = require("node:http");
const { Worker } = require("node:worker_threads");

const base = "/2018-06-01/runtime/invocation/";
const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const next = () =>
  new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, agent, path: `${base}next` }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ bodyJson: Buffer.concat(chunks).toString("utf8"), headers: response.headers }));
    });
    request.on("error", reject);
    request.end();
  });

// The compiled client has answered when it returns: the process may end right after. So another thread posts,
// and this one waits for it.
const done = new Int32Array(new SharedArrayBuffer(4));
const poster = new Worker(
  `const http = require("node:http");
   const { parentPort, workerData } = require("node:worker_threads");
   const { done, hostname, port } = workerData;
   const agent = new http.Agent({ keepAlive: true });
   const finish = () => { Atomics.store(done, 0, 1); Atomics.notify(done, 0); };
   parentPort.on("message", ({ path, body, headers }) => {
     const request = http.request({ hostname, port, agent, method: "POST", path, headers }, (response) => {
       response.resume();
       response.on("end", finish);
     });
     request.on("error", finish);
     request.end(body);
   });`,
  { eval: true, execArgv: [], env: {}, workerData: { done, hostname, port } },
);
poster.unref();

const post = (path, body, headers) => {
  Atomics.store(done, 0, 0);
  poster.postMessage({ path: base + path, body, headers: { "Content-Type": "application/json", ...headers } });
  Atomics.wait(done, 0, 0);
};

// A header holds ASCII only; JSON writes the rest as escapes.
const ascii = (json) =>
  json.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

module.exports = {
  initializeClient: () => {},
  next,
  done: (id, body) => post(`${id}/response`, body, {}),
  error: (id, body, cause) =>
    post(`${id}/error`, body, {
      "Lambda-Runtime-Function-Error-Type": "Unhandled",
      "Lambda-Runtime-Function-XRay-Error-Cause": ascii(cause),
    }),
};
