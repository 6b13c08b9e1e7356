// Has jest, mocha and vitest report what they ran, whichever script starts them: preloaded into every program of Node.
"use strict";
const { writeFileSync } = require("node:fs");
const { basename, resolve } = require("node:path");

const left = resolve(process.env.UNIT_TESTS_LEFT + "-" + process.pid);
const STATES = { passed: "passed", failed: "failure" };

function leave(cases) {
  writeFileSync(left + ".json", JSON.stringify(cases));
}

// A results processor of jest: unlike a reporter it adds to what the repository configures.
function jest(results) {
  const cases = [];
  for (const file of results.testResults) {
    if (file.failureMessage && !file.testResults.length) {
      cases.push({ name: file.testFilePath, state: "failure", words: file.failureMessage });
    }
    for (const test of file.testResults) {
      const words = (test.failureMessages || []).join("\n");
      cases.push({ name: test.fullName, state: STATES[test.status] || "skipped", words });
    }
  }
  leave(cases);
  return results;
}

// A reporter of mocha, which takes but one: it prints what the usual one prints as well.
function mocha() {
  const { reporters } = require(require.resolve("mocha", { paths: [process.cwd()] }));
  return class extends reporters.Spec {
    constructor(runner, options) {
      super(runner, options);
      const cases = [];
      const note = (state) => (test, error) =>
        cases.push({ name: test.fullTitle(), state, words: String((error && (error.stack || error.message)) || "") });
      runner.on("pass", note("passed")).on("fail", note("failure")).on("pending", note("skipped"));
      runner.once("end", () => leave(cases));
    }
  };
}

function options(program) {
  switch (program) {
    case "jest":
      module.exports = jest;
      return ["--testResultsProcessor=" + __filename];
    case "mocha":
      module.exports = mocha();
      return ["--reporter=" + __filename];
    case "vitest":
      return ["--reporter=default", "--reporter=junit", "--outputFile.junit=" + left + ".xml"];
    default:
      return [];
  }
}

const end = process.argv.indexOf("--");
const program = basename(process.argv[1] || "").replace(/^_|\.[cm]?js$/g, "");
process.argv.splice(end < 0 ? process.argv.length : end, 0, ...options(program));
