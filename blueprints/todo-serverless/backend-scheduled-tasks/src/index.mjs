// Where Lambda comes in, once a day: todos that were done long ago are removed from the table.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";

import { isOver } from "./over.mjs";

const TableName = process.env.TABLE_NAME;
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export async function cleanUp() {
  const moment = new Date();
  let removed = 0;
  for await (const page of paginateScan({ client }, { TableName })) {
    for (const { id } of page.Items.filter((todo) => isOver(todo, moment))) {
      await client.send(new DeleteCommand({ TableName, Key: { id } }));
      removed += 1;
    }
  }
  console.log(`removed ${removed}`);
  return { removed };
}
