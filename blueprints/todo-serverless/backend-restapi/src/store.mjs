// Todos in a table of DynamoDB. The tests of each stage call it for real.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
  paginateScan,
} from "@aws-sdk/lib-dynamodb";

/** The store of a table. */
export function store(TableName) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  return {
    async all() {
      const todos = [];
      for await (const page of paginateScan({ client }, { TableName })) todos.push(...page.Items);
      return todos;
    },

    put: (todo) => client.send(new PutCommand({ TableName, Item: todo })),

    remove: (id) => client.send(new DeleteCommand({ TableName, Key: { id } })),

    /** The changed todo; undefined where there is none. */
    async change(id, { done, changed }) {
      const update = new UpdateCommand({
        TableName,
        Key: { id },
        UpdateExpression: "SET done = :done, changed = :changed",
        ConditionExpression: "attribute_exists(id)",
        ExpressionAttributeValues: { ":done": done, ":changed": changed },
        ReturnValues: "ALL_NEW",
      });
      try {
        return (await client.send(update)).Attributes;
      } catch (error) {
        if (error.name === "ConditionalCheckFailedException") return undefined;
        throw error;
      }
    },
  };
}
