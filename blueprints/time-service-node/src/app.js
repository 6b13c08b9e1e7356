// The API of the time service: /time is the time in UTC, /time/America/New_York is the time there.
import express from "express";

import { timeIn } from "./time.js";

export const app = express();
app.disable("x-powered-by");

app.get("/time", (_request, response) => {
  response.json(timeIn("UTC", new Date()));
});

// The star lets a time zone have slashes of its own.
app.get("/time/*timeZone", (request, response) => {
  const timeZone = request.params.timeZone.join("/");
  const answer = timeIn(timeZone, new Date());
  if (answer) {
    response.json(answer);
  } else {
    const message = `there is no time zone '${timeZone}'; there is, for example, 'America/New_York'`;
    response.status(404).json({ message });
  }
});
