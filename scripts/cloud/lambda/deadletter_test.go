package lambda_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestDeadLettersGoToATopic checks that a topic can be the target of a function's dead letters, and delivers them as
// a queue would hold them.
func TestDeadLettersGoToATopic(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	topics := awssns.New(awssns.Options{Region: "us-east-1", BaseEndpoint: &w.Endpoint, Credentials: keys})
	topic := must(topics.CreateTopic(ctx, &awssns.CreateTopicInput{Name: aws.String("letters")}))(t).TopicArn
	queue := must(w.sqs.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("letters"), Attributes: map[string]string{
		"Policy": `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}}`}}))(t).QueueUrl
	must(topics.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:" + account + ":letters"),
		Attributes: map[string]string{"RawMessageDelivery": "true"}}))(t)
	must(w.iam.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{RoleName: aws.String("jobs"), PolicyName: aws.String("letters"),
		PolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}}`)}))(t)
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: topic}
	})
	must(w.lambda.PutFunctionEventInvokeConfig(ctx, &awslambda.PutFunctionEventInvokeConfigInput{FunctionName: aws.String("jobs"), MaximumRetryAttempts: aws.Int32(0)}))(t)
	must(w.lambda.Invoke(ctx, &awslambda.InvokeInput{FunctionName: aws.String("jobs"), InvocationType: types.InvocationTypeEvent, Payload: []byte(`{"Do": "exit", "N": 3}`)}))(t)

	got := must(w.sqs.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: 20, MessageAttributeNames: []string{"All"}}))(t)
	if len(got.Messages) != 1 || *got.Messages[0].Body != `{"Do": "exit", "N": 3}` || got.Messages[0].MessageAttributes["RequestID"].StringValue == nil {
		t.Errorf("the topic's subscriber got %+v", got.Messages)
	}
}
