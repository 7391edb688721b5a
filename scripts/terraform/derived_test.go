//go:build terraform

package main

import (
	"encoding/json"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
)

// derive returns what Terraform created as a topology.
func (s state) derive(names topology.Names) *topology.Topology {
	t := &topology.Topology{Names: names, Bus: s.one("module.bus.", "aws_cloudwatch_event_bus", "this").text("name"), Archive: s.archive(), Journal: s.journal(), Outside: s.outside()}
	for _, topic := range s.of("module.bus.", "aws_sns_topic") {
		t.Topics = append(t.Topics, topology.Topic{Name: topic.text("name"), ARN: topic.text("arn"), Event: topic.Index.(string)})
	}
	answering := s.routes(t)
	for _, role := range s.of("module.service[", "aws_iam_role") {
		if role.Name != "this" {
			continue
		}
		place := strings.TrimSuffix(role.Address, "aws_iam_role.this")
		name := strings.TrimSuffix(strings.TrimPrefix(place, `module.service["`), `"].`)
		service := s.service(place, name)
		service.HTTP = slices.Contains(answering, name)
		t.Services = append(t.Services, service)
	}
	slices.SortFunc(t.Topics, func(a, b topology.Topic) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Services, func(a, b topology.Service) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Routes, func(a, b topology.Route) int { return strings.Compare(a.Key, b.Key) })
	return t
}

func (s state) archive() topology.Archive {
	made := s.one("module.bus.", "aws_cloudwatch_event_archive", "this")
	if source, bus := made.text("event_source_arn"), s.one("module.bus.", "aws_cloudwatch_event_bus", "this").text("arn"); source != bus {
		s.Errorf("the archive keeps the events of %s", source)
	}
	return topology.Archive{Name: made.text("name"), ARN: made.text("arn"), RetentionDays: made.number("retention_days")}
}

func (s state) journal() topology.Journal {
	rule, group := s.one("module.bus.", "aws_cloudwatch_event_rule", "everything"), s.one("module.bus.", "aws_cloudwatch_log_group", "events")
	if target := s.one("module.bus.", "aws_cloudwatch_event_target", "log").text("arn"); target != group.text("arn") {
		s.Errorf("the bus's events go to %s", target)
	}
	made := topology.Journal{Rule: rule.text("name"), Pattern: json.RawMessage(rule.text("event_pattern")), LogGroup: group.text("name"), ARN: group.text("arn")}
	for _, r := range s.of("module.bus.", "aws_cloudwatch_event_rule") {
		if r.Name != "personal" {
			continue
		}
		transformer := s.one("module.bus.", "aws_cloudwatch_event_target", "personal").block("input_transformer")
		made.Hiding = &topology.Hiding{Rule: r.text("name"), Pattern: json.RawMessage(r.text("event_pattern")), Paths: map[string]string{}, Template: transformer.text("input_template")}
		for name, path := range transformer.AttributeValues["input_paths"].(map[string]any) {
			made.Hiding.Paths[name] = path.(string)
		}
	}
	return made
}

// routes adds the routes of the API, and returns the services behind them.
func (s state) routes(t *topology.Topology) (answering []string) {
	functions := map[string]string{} // by integration
	for _, integration := range s.of("module.api", "aws_apigatewayv2_integration") {
		functions["integrations/"+integration.text("id")] = strings.TrimPrefix(integration.Index.(string), t.Bus+"-")
	}
	for _, route := range s.of("module.api", "aws_apigatewayv2_route") {
		service := functions[route.text("target")]
		t.Routes = append(t.Routes, topology.Route{Key: route.text("route_key"), Service: service})
		answering = append(answering, service)
	}
	return answering
}

func (s state) service(place, name string) topology.Service {
	service := topology.Service{
		Name: name, Runtime: manifest.Worker,
		Queue: s.queue(place, "main"), DeadLetters: s.queue(place, "dead_letter"), Undelivered: s.queue(place, "undelivered"),
		Rules: s.rules(place), Subscriptions: s.subscriptions(place),
		SQL:      s.one(place, "aws_db_instance", "this") != nil,
		LogGroup: s.one(place, "aws_cloudwatch_log_group", "this").text("name"),
		Role:     s.role(place, "this"), Scheduling: s.scheduling(place),
	}
	if table := s.one(place, "aws_dynamodb_table", "this"); table != nil {
		service.Table = &topology.Table{Name: table.text("name"), ARN: table.text("arn"), HashKey: table.text("hash_key"), TTLAttribute: table.block("ttl").text("attribute_name"), Indexes: tableIndexes(table)}
	}
	if function := s.one(place, "aws_lambda_function", "this"); function != nil {
		s.function(&service, place, function)
	} else {
		service.Environment = s.containerEnvironment(place)
	}
	for _, variable := range []string{"QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "DATABASE_URL"} { // what only AWS knows
		if (service.Environment[variable] == "") != (service.Queue == nil) && variable != "DATABASE_URL" || (service.Environment[variable] == "") == service.SQL && variable == "DATABASE_URL" {
			s.Errorf("%s has %s=%q", name, variable, service.Environment[variable])
		}
		delete(service.Environment, variable)
	}
	delete(service.Environment, "HEALTH_FILE") // only ECS asks for it
	return service
}

// tableIndexes returns a table's indexes by name; Terraform holds them as a set.
func tableIndexes(table *resource) (indexes []topology.TableIndex) {
	blocks, _ := table.AttributeValues["global_secondary_index"].([]any)
	for _, b := range blocks {
		block := b.(map[string]any)
		if block["projection_type"] != "KEYS_ONLY" {
			table.t.Errorf("%s: its index %v holds more than keys", table.Address, block["name"])
		}
		index := topology.TableIndex{Name: block["name"].(string), HashKey: block["hash_key"].(string), RangeKey: block["range_key"].(string)}
		indexes = append(indexes, index)
	}
	slices.SortFunc(indexes, func(a, b topology.TableIndex) int { return strings.Compare(a.Name, b.Name) })
	return indexes
}

func (s state) function(service *topology.Service, place string, function *resource) {
	service.Runtime = manifest.Lambda
	service.Function = &topology.Function{
		Name: function.text("function_name"), ARN: function.text("arn"), Handler: function.text("handler"), Runtime: function.text("runtime"),
		TimeoutSeconds: function.number("timeout"), MemoryMB: function.number("memory_size"),
	}
	service.Environment = map[string]string{}
	for name, value := range function.block("environment").AttributeValues["variables"].(map[string]any) {
		service.Environment[name] = value.(string)
	}
	if function.text("role") != service.Role.ARN || !slices.Equal(function.list("architectures"), []string{"arm64"}) {
		s.Errorf("%s has the role %s and runs on %v", function.Address, function.text("role"), function.list("architectures"))
	}
	if mapping := s.one(place, "aws_lambda_event_source_mapping", "this"); mapping != nil {
		service.Mapping = &topology.Mapping{
			Queue: mapping.text("event_source_arn"), Function: service.Function.Name,
			Batch: mapping.number("batch_size"), WindowSeconds: mapping.number("maximum_batching_window_in_seconds"),
			MaximumConcurrency: mapping.block("scaling_config").number("maximum_concurrency"), ResponseTypes: mapping.list("function_response_types"),
		}
		if arn := mapping.text("function_name"); arn != service.Function.ARN+":live" {
			s.Errorf("%s feeds %s", mapping.Address, arn)
		}
	}
}

func (s state) containerEnvironment(place string) map[string]string {
	task := s.one(place, "aws_ecs_task_definition", "this")
	var containers []struct {
		Environment []struct{ Name, Value string }
	}
	task.decode("container_definitions", &containers)
	environment := map[string]string{}
	for _, variable := range containers[0].Environment {
		environment[variable.Name] = variable.Value
	}
	if role := s.one(place, "aws_iam_role", "this").text("arn"); task.text("task_role_arn") != role {
		s.Errorf("%s runs as %s", task.Address, task.text("task_role_arn"))
	}
	return environment
}

func (s state) queue(place, name string) *topology.Queue {
	made := s.one(place, "aws_sqs_queue", name)
	if made == nil {
		return nil
	}
	q := &topology.Queue{
		Name: made.text("name"), ARN: made.text("arn"),
		VisibilitySeconds: made.number("visibility_timeout_seconds"), RetentionSeconds: made.number("message_retention_seconds"), LongPollSeconds: made.number("receive_wait_time_seconds"),
	}
	if made.text("redrive_policy") != "" {
		made.decode("redrive_policy", &q.Redrive)
	}
	if allow := s.one(place, "aws_sqs_queue_redrive_allow_policy", name); allow != nil {
		var from struct{ SourceQueueArns []string }
		allow.decode("redrive_allow_policy", &from)
		q.RedriveFrom = from.SourceQueueArns
	}
	if policy := s.one(place, "aws_sqs_queue_policy", name); policy != nil {
		q.Policy = policy.policy("policy")
		if policy.text("queue_url") != made.text("url") {
			s.Errorf("%s is the policy of %s", policy.Address, policy.text("queue_url"))
		}
	}
	return q
}

func (s state) rules(place string) []topology.Rule {
	var rules []topology.Rule
	for _, made := range s.of(place, "aws_cloudwatch_event_rule") {
		rules = append(rules, s.rule(place, made))
	}
	return rules
}

func (s state) rule(place string, made resource) topology.Rule {
	rule := topology.Rule{Name: made.text("name"), ARN: made.text("arn"), Event: made.Index.(string)}
	made.decode("event_pattern", &rule.Pattern)
	for _, target := range s.of(place, "aws_cloudwatch_event_target") {
		if target.Name == made.Name && target.Index == made.Index {
			rule.Target, rule.DeadLetters = target.text("arn"), target.block("dead_letter_config").text("arn")
			retry := target.block("retry_policy")
			rule.MaxRetries, rule.MaxAge = retry.number("maximum_retry_attempts"), retry.number("maximum_event_age_in_seconds")
		}
	}
	return rule
}

func (s state) outside() *topology.Outside {
	role := s.one("module.bus.", "aws_iam_role", "outside")
	if role == nil {
		return nil
	}
	made := &topology.Outside{Undelivered: s.queue("module.bus.", "outside"), Role: topology.Role{
		Name: role.text("name"), ARN: role.text("arn"), Trust: *role.policy("assume_role_policy"),
		Policy: *s.one("module.bus.", "aws_iam_role_policy", "outside").policy("policy"),
	}}
	for _, rule := range s.of("module.bus.", "aws_cloudwatch_event_rule") {
		if rule.Name == "outside" {
			made.Rules = append(made.Rules, topology.Forward{Bus: rule.text("event_bus_name"), Rule: s.rule("module.bus.", rule)})
		}
	}
	for _, target := range s.of("module.bus.", "aws_cloudwatch_event_target") {
		if target.Name == "outside" && target.text("role_arn") != made.Role.ARN {
			s.Errorf("%s forwards as %q", target.Address, target.text("role_arn"))
		}
	}
	return made
}

func (s state) subscriptions(place string) []topology.Subscription {
	var subscriptions []topology.Subscription
	for _, made := range s.of(place, "aws_sns_topic_subscription") {
		subscription := topology.Subscription{Topic: made.text("topic_arn"), Endpoint: made.text("endpoint")}
		if policy := made.text("filter_policy"); policy != "" {
			subscription.FilterPolicy = json.RawMessage(policy)
		}
		var dead struct{ DeadLetterTargetArn string }
		made.decode("redrive_policy", &dead)
		subscription.DeadLetters = dead.DeadLetterTargetArn
		filtered := made.text("filter_policy_scope") == "MessageBody"
		if made.text("protocol") != "sqs" || !made.flag("raw_message_delivery") || filtered != (subscription.FilterPolicy != nil) {
			s.Errorf("%s would not deliver the envelope as it is", made.Address)
		}
		subscriptions = append(subscriptions, subscription)
	}
	return subscriptions
}

func (s state) role(place, name string) topology.Role {
	made := s.one(place, "aws_iam_role", name)
	return topology.Role{
		Name: made.text("name"), ARN: made.text("arn"),
		Trust:  *made.policy("assume_role_policy"),
		Policy: *s.one(place, "aws_iam_role_policy", name).policy("policy"),
	}
}

func (s state) scheduling(place string) *topology.Scheduling {
	group := s.one(place, "aws_scheduler_schedule_group", "this")
	if group == nil {
		return nil
	}
	scheduling := &topology.Scheduling{Group: group.text("name"), Role: s.role(place, "scheduler")}
	for _, made := range s.of(place, "aws_scheduler_schedule") {
		target, retry := made.block("target"), made.block("target").block("retry_policy")
		schedule := topology.Schedule{
			Name: made.text("name"), Expression: made.text("schedule_expression"), Timezone: made.text("schedule_expression_timezone"),
			Target: target.text("arn"), Input: json.RawMessage(target.text("input")),
			MaxRetries: retry.number("maximum_retry_attempts"), MaxAge: retry.number("maximum_event_age_in_seconds"),
		}
		if schedule.Target == s.one("module.bus.", "aws_cloudwatch_event_bus", "this").text("arn") {
			on := target.block("eventbridge_parameters")
			schedule.Source, schedule.DetailType = on.text("source"), on.text("detail_type")
		} else {
			schedule.DeadLetters = target.block("dead_letter_config").text("arn")
		}
		if made.text("group_name") != scheduling.Group || target.text("role_arn") != scheduling.Role.ARN || made.block("flexible_time_window").text("mode") != "OFF" {
			s.Errorf("%s is in the group %s, with the role %s", made.Address, made.text("group_name"), target.text("role_arn"))
		}
		if !strings.Contains(target.text("input"), manifest.ScheduledTime) { // as it is: Scheduler knows no escapes
			s.Errorf("%s sends %s", made.Address, target.text("input"))
		}
		scheduling.Schedules = append(scheduling.Schedules, schedule)
	}
	return scheduling
}
