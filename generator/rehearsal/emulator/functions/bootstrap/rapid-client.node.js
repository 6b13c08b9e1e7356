// Stands in for the compiled part of aws-lambda-ric: the Runtime API over Node's own http, nothing else.
"use strict";

const http = require("node:http");

const base = "/2018-06-01/runtime/invocation/";
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
let address = {};
let posted = Promise.resolve();

const call = (method, path, body, headers) =>
  new Promise((resolve, reject) => {
    const request = http.request({ ...address, agent, method, path: base + path, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode < 300) resolve({ bodyJson: text, headers: response.headers });
        else reject(new Error(`${path} answered ${response.statusCode}: ${text}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });

// The compiled client answers before it returns; here the next event is not asked for until the answer is out.
const post = (path, body, headers) => {
  posted = posted.then(() => call("POST", path, body, { "Content-Type": "application/json", ...headers }));
};

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
address = { hostname, port };

module.exports = {
  initializeClient: () => {},
  next: async () => {
    await posted;
    return call("GET", "next");
  },
  done: (id, body) => post(`${id}/response`, body, {}),
  error: (id, body, cause) =>
    post(`${id}/error`, body, {
      "Lambda-Runtime-Function-Error-Type": "Unhandled",
      "Lambda-Runtime-Function-XRay-Error-Cause": cause,
    }),
};
