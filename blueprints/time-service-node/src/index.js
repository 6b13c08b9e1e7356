// Where Lambda comes in: requests of API Gateway go to the Express application as if it listened for them.
import serverless from "serverless-http";

import { app } from "./app.js";

export const handler = serverless(app);
