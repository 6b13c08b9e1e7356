// Where Lambda comes in: the website's files, out of its private bucket.
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

import { website } from "./site.mjs";

const client = new S3Client({});

async function read(Key) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: process.env.SITE_BUCKET, Key }));
  return Body.transformToString();
}

export const site = website(read);
