// Includes a template in a CDK application and prints what cdk-nag's packs say of it, as JSON: [[rule, logical id, words]].
const path = require("node:path");

const [modules, template, ...packs] = process.argv.slice(2);
const cdk = require(path.join(modules, "aws-cdk-lib"));
const { CfnInclude } = require(path.join(modules, "aws-cdk-lib", "cloudformation-include"));
const nag = require(path.join(modules, "cdk-nag"));

const app = new cdk.App();
const stack = new cdk.Stack(app, "Launched");
new CfnInclude(stack, "Template", { templateFile: template });
const found = packs.flatMap((pack) => new nag[pack](app).validateScope(app).violations);
const rows = found.flatMap((one) =>
  one.violatingResources.map((where) => [one.ruleName, where.constructPath.split("/").pop(), one.description ?? ""]),
);
process.stdout.write(JSON.stringify(rows));
