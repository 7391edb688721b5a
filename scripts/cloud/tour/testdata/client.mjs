// The JavaScript SDK as a client of the tour. It reads one {"service", "operation", "input"} per line and writes one reply per line.
import { createInterface } from "node:readline";

const packages = {
	apigatewayv2: ["@aws-sdk/client-apigatewayv2", "ApiGatewayV2Client"],
	dynamodb: ["@aws-sdk/client-dynamodb", "DynamoDBClient"],
	events: ["@aws-sdk/client-eventbridge", "EventBridgeClient"],
	iam: ["@aws-sdk/client-iam", "IAMClient"],
	lambda: ["@aws-sdk/client-lambda", "LambdaClient"],
	logs: ["@aws-sdk/client-cloudwatch-logs", "CloudWatchLogsClient"],
	scheduler: ["@aws-sdk/client-scheduler", "SchedulerClient"],
	sns: ["@aws-sdk/client-sns", "SNSClient"],
	sqs: ["@aws-sdk/client-sqs", "SQSClient"],
	sts: ["@aws-sdk/client-sts", "STSClient"],
};
const clients = {};

// Exceptions of the model extend ServiceException. Any other is a ServiceException with its own name.
const modelled = (sdk, error) => sdk[error.name]?.prototype instanceof Error;

const unmarked = (_, value) =>
	value?.$bytes !== undefined ? new Uint8Array(Buffer.from(value.$bytes, "base64")) : value?.$time ? new Date(value.$time) : value;

// Buffer and Date have toJSON, so their values must be read from the object itself.
function plain(name, value) {
	const is = this[name];
	return is instanceof Uint8Array ? Buffer.from(is).toString("base64") : value;
}

async function call({ service, operation, input }) {
	const [name, type] = packages[service];
	const sdk = await import(name);
	clients[service] ??= new sdk[type]({});
	try {
		return { Output: await clients[service].send(new sdk[operation + "Command"](input)) };
	} catch (error) {
		if (!error.$fault) return { Broken: String(error.stack) };
		return { Output: { ...error }, Exception: modelled(sdk, error) ? error.name : "", Code: error.Code ?? error.name, Message: error.message };
	}
}

for await (const line of createInterface({ input: process.stdin })) {
	console.log(JSON.stringify(await call(JSON.parse(line, unmarked)), plain));
}
process.exit(0); // connections are kept alive
