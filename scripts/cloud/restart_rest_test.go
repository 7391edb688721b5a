package cloud_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp/cmpopts"
)

type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func tablesStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: "S"}
	}
	key := func(name string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &name, KeyType: "HASH"}}
	}
	provisioned := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(2), WriteCapacityUnits: aws.Int64(3)}
	index := types.GlobalSecondaryIndex{IndexName: aws.String("by-owner"), KeySchema: key("owner"), Projection: &types.Projection{ProjectionType: "ALL"}, ProvisionedThroughput: provisioned}
	must(l.db.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String("things"), AttributeDefinitions: []types.AttributeDefinition{attribute("id"), attribute("owner")}, KeySchema: key("id"),
		ProvisionedThroughput: provisioned, GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{index},
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	}))(t)
	must(l.db.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: aws.String("things"), BillingMode: "PAY_PER_REQUEST"}))(t)
	must(l.db.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("things"),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("until"), Enabled: aws.Bool(true)}}))(t)
	put := func(i item) {
		t.Helper()
		must(l.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("things"), Item: i}))(t)
	}
	rich := item{
		"id": text("rich"), "owner": text("ann"), "n": &types.AttributeValueMemberN{Value: "12345678901234567890.123456789"},
		"b": &types.AttributeValueMemberB{Value: []byte{0, 255}}, "ss": &types.AttributeValueMemberSS{Value: []string{"<", "é"}},
		"m": &types.AttributeValueMemberM{Value: item{"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberNULL{Value: true}, &types.AttributeValueMemberBOOL{}}}}},
	}
	put(rich)
	put(item{"id": text("gone"), "owner": text("ann")})
	put(item{"id": text("expired"), "owner": text("ann"), "until": &types.AttributeValueMemberN{Value: "1700000000"}})
	must(l.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String("things"), Key: item{"id": text("gone")}}))(t)
	transaction := &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("once"), TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: aws.String("things"), Item: item{"id": text("first")}, ConditionExpression: aws.String("attribute_not_exists(id)")}},
		{Put: &types.Put{TableName: aws.String("things"), Item: item{"id": text("second")}}},
	}}
	must(l.db.TransactWriteItems(ctx, transaction))(t)
	must(l.db.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: aws.String("dropped"), AttributeDefinitions: []types.AttributeDefinition{attribute("id")}, KeySchema: key("id"), BillingMode: "PAY_PER_REQUEST"}))(t)
	must(l.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("dropped"), Item: item{"id": text("x")}}))(t)
	must(l.db.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String("dropped")}))(t)
	describe := func() *types.TableDescription {
		return must(l.db.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("things")}))(t).Table
	}
	before := describe()
	ignore := cmpopts.IgnoreUnexported(types.TableDescription{}, types.AttributeDefinition{}, types.KeySchemaElement{}, types.BillingModeSummary{},
		types.ProvisionedThroughputDescription{}, types.GlobalSecondaryIndexDescription{}, types.Projection{})

	l = again(l)
	same(t, before, describe(), ignore)
	same(t, []string{"things"}, must(l.db.ListTables(ctx, &dynamodb.ListTablesInput{}))(t).TableNames)
	got := must(l.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("things"), Key: item{"id": text("rich")}}))(t).Item
	same(t, rich, got, cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberSS{},
		types.AttributeValueMemberM{}, types.AttributeValueMemberL{}, types.AttributeValueMemberNULL{}, types.AttributeValueMemberBOOL{}))
	owned := must(l.db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String("things"), IndexName: aws.String("by-owner"),
		KeyConditionExpression: aws.String("#o = :o"), ExpressionAttributeNames: map[string]string{"#o": "owner"}, ExpressionAttributeValues: item{":o": text("ann")}}))(t)
	same(t, int32(1), owned.Count)                     // neither the deleted nor the expired one
	must(l.db.TransactWriteItems(ctx, transaction))(t) // a repeat, although its condition no longer holds
	same(t, "until", *must(l.db.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("things")}))(t).TimeToLiveDescription.AttributeName)
	same(t, "team", *must(l.db.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: before.TableArn}))(t).Tags[0].Key)
}

func rolesStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	l.queue(t, "jobs", nil)
	name := aws.String("worker")
	must(l.role.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, Description: aws.String("works"),
		AssumeRolePolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:role/a+b"}, "Action": "sts:AssumeRole"}}`)}))(t)
	must(l.role.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("may"),
		PolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Action": "sqs:GetQueueUrl", "Resource": "*"}}`)}))(t)
	must(l.role.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("gone"), AssumeRolePolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "sts:AssumeRole"}}`)}))(t)
	must(l.role.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("gone")}))(t)
	get := func() *iam.GetRoleOutput {
		return must(l.role.GetRole(ctx, &iam.GetRoleInput{RoleName: name}))(t)
	}
	before := get().Role
	taken := must(l.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: before.Arn, RoleSessionName: aws.String("session")}))(t)

	l = again(l)
	same(t, *before.AssumeRolePolicyDocument, *get().Role.AssumeRolePolicyDocument)
	same(t, *before.RoleId, *get().Role.RoleId)
	same(t, 1, len(must(l.role.ListRoles(ctx, &iam.ListRolesInput{}))(t).Roles))
	as := sqs.NewFromConfig(config(l.server, *taken.Credentials.AccessKeyId))
	must(as.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("jobs")}))(t)
	_, err := as.ListQueues(ctx, &sqs.ListQueuesInput{})
	wantCode(t, err, "AccessDenied")
}

func apiStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	id := must(l.api.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: aws.String("lamps"), ProtocolType: "HTTP"}))(t).ApiId
	integration := must(l.api.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{ApiId: id, IntegrationType: "AWS_PROXY",
		IntegrationUri: aws.String(arnOf("lambda", "function:jobs")), PayloadFormatVersion: aws.String("2.0")}))(t)
	for _, key := range []string{"GET /a/{id}", "POST /gone"} {
		route := must(l.api.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{ApiId: id, RouteKey: &key, Target: aws.String("integrations/" + *integration.IntegrationId)}))(t)
		if key == "POST /gone" {
			must(l.api.DeleteRoute(ctx, &apigatewayv2.DeleteRouteInput{ApiId: id, RouteId: route.RouteId}))(t)
		}
	}
	must(l.api.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: id, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)}))(t)

	l = again(l)
	same(t, "lamps", *must(l.api.GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: id}))(t).Name)
	routes := must(l.api.GetRoutes(ctx, &apigatewayv2.GetRoutesInput{ApiId: id}))(t).Items
	same(t, 1, len(routes))
	same(t, "GET /a/{id}", *routes[0].RouteKey)
	same(t, 1, len(must(l.api.GetStages(ctx, &apigatewayv2.GetStagesInput{ApiId: id}))(t).Items))
	next := must(l.api.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: aws.String("next"), ProtocolType: "HTTP"}))(t).ApiId
	if *next == *id {
		t.Errorf("two APIs have the id %s", *id)
	}
}

func logsStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	group, now := aws.String("/a_b/c#"), time.Now().UnixMilli()
	must(l.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group, Tags: map[string]string{"team": "a"}}))(t)
	must(l.logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(7)}))(t)
	for _, stream := range []string{"s/1", "gone"} {
		must(l.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: &stream}))(t)
		must(l.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: &stream, LogEvents: []logtypes.InputLogEvent{
			{Timestamp: aws.Int64(now - 1000), Message: aws.String(stream + " one")}, {Timestamp: &now, Message: aws.String(stream + " two")}}}))(t)
	}
	must(l.logs.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: aws.String("gone")}))(t)
	streams := func() []logtypes.LogStream {
		return must(l.logs.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group}))(t).LogStreams
	}
	events := func() []logtypes.FilteredLogEvent {
		return must(l.logs.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group}))(t).Events
	}
	streamsBefore, eventsBefore := streams(), events()
	ignore := cmpopts.IgnoreUnexported(logtypes.LogStream{}, logtypes.FilteredLogEvent{})

	l = again(l)
	same(t, streamsBefore, streams(), ignore)
	same(t, eventsBefore, events(), ignore)
	same(t, map[string]string{"team": "a"}, must(l.logs.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arnOf("logs", "log-group:"+*group))}))(t).Tags)
	same(t, int32(7), *must(l.logs.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{}))(t).LogGroups[0].RetentionInDays)
}
