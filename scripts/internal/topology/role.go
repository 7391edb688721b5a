package topology

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// role returns a role that allows exactly what the manifest declares and implies.
func (b builder) role(s Service, m *manifest.Manifest) Role {
	name := b.names.Service(m.Name)
	principal := "ecs-tasks.amazonaws.com"
	if s.Function != nil {
		principal = "lambda.amazonaws.com"
	}
	trust := allow("", nil, "sts:AssumeRole")
	trust.Principal = map[string]string{"Service": principal}

	statements := slices.Concat(b.publishing(m), queueAccess(s, b.published(m, events.Queue)), b.remind(s, m))
	if s.Table != nil {
		statements = append(statements, allow("State", []string{s.Table.ARN},
			"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"))
		if len(s.Table.Indexes) > 0 {
			var indexes []string
			for _, index := range s.Table.Indexes {
				indexes = append(indexes, s.Table.ARN+"/index/"+index.Name)
			}
			statements = append(statements, allow("Find", indexes, "dynamodb:Query"))
		}
	}
	if s.Function != nil {
		statements = append(statements, allow("Logs", []string{b.names.ARN("logs", "log-group:"+s.LogGroup+":*")},
			"logs:CreateLogStream", "logs:PutLogEvents"))
	}
	if len(m.Secrets) > 0 {
		var secrets []string
		for _, secret := range slices.Sorted(maps.Keys(m.Secrets)) {
			secrets = append(secrets, b.names.ARN("secretsmanager", "secret:"+b.names.Secrets(m.Name)+secret+"-??????")) // Secrets Manager adds six characters to a name
		}
		statements = append(statements, allow("Secrets", secrets, "secretsmanager:GetSecretValue"))
	}
	fill := strings.NewReplacer("{partition}", "aws", "{region}", b.names.Region, "{account}", b.names.Account, "{project}", b.names.Project, "{env}", b.names.Env)
	for i, permission := range m.Permissions {
		var resources []string
		for _, resource := range permission.Resources {
			resources = append(resources, fill.Replace(resource))
		}
		statements = append(statements, allow("Own"+strconv.Itoa(i), resources, permission.Actions...))
	}
	return Role{Name: name, ARN: b.names.roleARN(name), Trust: policy(trust), Policy: policy(statements...)}
}

// publishing allows a service to publish its own events, on the bus only under its own name.
func (b builder) publishing(m *manifest.Manifest) []Statement {
	var statements []Statement
	if own := b.published(m, events.EventBridge); len(own) > 0 {
		statements = append(statements, b.publishOnBus(m.Name, own))
	}
	var topics []string
	for _, event := range b.published(m, events.SNS) {
		topics = append(topics, b.names.ARN("sns", b.names.Topic(event)))
	}
	if len(topics) > 0 {
		statements = append(statements, allow("PublishOnTopics", topics, "sns:Publish"))
	}
	return statements
}

func (b builder) publishOnBus(service string, own []string) Statement {
	bus := allow("PublishOnBus", []string{b.names.BusARN()}, "events:PutEvents")
	bus.Condition = map[string]map[string][]string{
		"ForAllValues:StringEquals": {"events:source": {service}, "events:detail-type": own},
	}
	return bus
}

// queueAccess allows a service to consume its queue, to dead-letter messages, and to send itself reminders if it has
// any.
func queueAccess(s Service, reminders []string) []Statement {
	if s.Queue == nil {
		return nil
	}
	actions := []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"}
	if len(reminders) > 0 {
		actions = append(actions, "sqs:SendMessage")
	}
	return []Statement{
		allow("Receive", []string{s.Queue.ARN}, actions...),
		allow("DeadLetter", []string{s.DeadLetters.ARN}, "sqs:SendMessage"),
	}
}

// published returns the events that a service publishes on one channel, sorted.
func (b builder) published(m *manifest.Manifest, channel events.Channel) []string {
	var types []string
	for _, event := range m.Publishes {
		if b.contracts[event].Channel == channel {
			types = append(types, event)
		}
	}
	return slices.Sorted(slices.Values(types))
}

// environment returns the variables of a service's binary, without those that only the endpoint knows.
func (b builder) environment(s Service, m *manifest.Manifest) map[string]string {
	env := map[string]string{
		"SERVICE_ENVIRONMENT": b.names.Env,
		"EVENT_BUS_NAME":      b.names.Prefix(),
		"TOPIC_ARN_PREFIX":    b.names.ARN("sns", b.names.Prefix()+"-"),
		"TRACE_PAYLOADS":      strconv.FormatBool(b.names.Env == "local" || b.names.Env == "dev"),
	}
	if s.Table != nil {
		env["TABLE_NAME"] = s.Table.Name
	}
	if len(b.published(m, events.Queue)) > 0 { // it may have reminders
		env["SCHEDULE_GROUP"], env["SCHEDULE_ROLE_ARN"] = s.Scheduling.Group, s.Scheduling.Role.ARN
		env["QUEUE_ARN"], env["UNDELIVERED_QUEUE_ARN"] = s.Queue.ARN, s.Undelivered.ARN
	}
	if len(m.Secrets) > 0 {
		env["SECRETS_PREFIX"] = b.names.Secrets(m.Name)
	}
	maps.Copy(env, m.Config)
	return env
}
