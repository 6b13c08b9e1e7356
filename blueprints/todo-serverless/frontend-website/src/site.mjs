// Answers requests for the files of the website.
import { extname } from "node:path";

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml" };
const HEADERS = {
  "cache-control": "public, max-age=60",
  // Pages take code, styles and data from where they come from themselves, and from nowhere else.
  "content-security-policy": "default-src 'self'",
  "x-content-type-options": "nosniff",
};

/** The handler of a website whose files `read` gets by their path. */
export function website(read) {
  return async (event) => {
    const path = event.rawPath.slice(1) || "index.html";
    const type = TYPES[extname(path)];
    try {
      if (type) return { statusCode: 200, headers: { ...HEADERS, "content-type": type }, body: await read(path) };
    } catch (error) {
      if (error.name !== "NoSuchKey") throw error;
    }
    return { statusCode: 404, headers: { ...HEADERS, "content-type": "text/plain" }, body: `there is no ${path}` };
  };
}
