# A service that runs as a function.

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name        = "troupe-dev"
  environment = "dev"
  bus         = { name = "troupe-dev", arn = "arn:aws:events:eu-central-1:123456789012:event-bus/troupe-dev" }
  topic_arns  = { "storm.warned.v1" = "arn:aws:sns:eu-central-1:123456789012:troupe-dev-storm-warned-v1" }
  retention   = { log_days = 7 }
  artifact    = "tests/function.tftest.hcl" # any file
  contracts = {
    "wave.measured.v1" = { producer = "buoy", channel = "eventbridge" }
    "storm.warned.v1"  = { producer = "buoy", channel = "sns" }
    "ship.docked.v1"   = { producer = "harbour", channel = "eventbridge", subject = "shipId" }
    "berth.checked.v1" = { producer = "harbour", channel = "queue", subject = "shipId", scheduled = true }
  }
  manifest = {
    name        = "harbour"
    description = "For the test."
    runtime     = "lambda"
    subscribes = [
      { event = "wave.measured.v1", where = "{\"data\":{\"high\":[true]}}" },
      { event = "storm.warned.v1", where = "{\"data\":{\"sea\":[\"north\"]}}" },
      { event = "berth.checked.v1" },
    ]
    publishes = ["ship.docked.v1", "berth.checked.v1"]
    store     = "dynamodb"
  }
}

run "a_function" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_lambda_function.this[0].runtime == "provided.al2023" && tolist(aws_lambda_function.this[0].architectures) == tolist(["arm64"]) && aws_lambda_function.this[0].function_name == "troupe-dev-harbour"
    error_message = "The function is not Go on arm64 under its own name."
  }

  assert {
    condition     = aws_lambda_function.this[0].source_code_hash == filebase64sha256("tests/function.tftest.hcl")
    error_message = "A change of the code would not be seen."
  }

  assert {
    condition     = tolist(aws_lambda_event_source_mapping.this[0].function_response_types) == tolist(["ReportBatchItemFailures"]) && aws_lambda_event_source_mapping.this[0].scaling_config[0].maximum_concurrency == 10
    error_message = "One message that fails would fail its batch."
  }

  assert {
    condition     = aws_lambda_function.this[0].environment[0].variables["TABLE_NAME"] == "troupe-dev-harbour" && aws_lambda_function.this[0].environment[0].variables["TRACE_PAYLOADS"] == "true"
    error_message = "The function is not told where it is."
  }

  assert {
    condition     = aws_lambda_function.this[0].tracing_config[0].mode == "PassThrough" && aws_cloudwatch_log_group.this.retention_in_days == 7
    error_message = "X-Ray bills for what nobody looks at, or logs are remembered for ever."
  }

  assert {
    condition     = length(aws_ecs_service.this) == 0 && length(aws_db_instance.this) == 0 && length(aws_ecr_repository.this) == 0
    error_message = "A function has what only workers need."
  }
}

run "queues" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_sqs_queue.main[0].visibility_timeout_seconds >= 6 * aws_lambda_function.this[0].timeout && aws_sqs_queue.main[0].receive_wait_time_seconds == 20
    error_message = "A message could be delivered again while it is handled, or polls are short."
  }

  assert {
    condition     = alltrue([for q in [aws_sqs_queue.main[0], aws_sqs_queue.dead_letter[0], aws_sqs_queue.undelivered[0]] : q.sqs_managed_sse_enabled])
    error_message = "A queue is not encrypted."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.main[0].redrive_policy).maxReceiveCount == 20 && jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letter[0].redrive_allow_policy).redrivePermission == "byQueue"
    error_message = "The queue has no dead-letter queue of its own."
  }

  assert {
    condition     = aws_sqs_queue.main[0].message_retention_seconds < aws_sqs_queue.dead_letter[0].message_retention_seconds
    error_message = "A message keeps its age when it moves: it would soon be gone from the dead-letter queue."
  }
}

run "what_it_subscribes_to" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = keys(aws_cloudwatch_event_rule.this) == ["wave.measured.v1"] && aws_cloudwatch_event_rule.this["wave.measured.v1"].name == "troupe-dev-harbour-wave-measured-v1"
    error_message = "There is not one rule for each event of the bus."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["wave.measured.v1"].event_pattern) == { source = ["buoy"], "detail-type" = ["wave.measured.v1"], detail = { data = { high = [true] } } }
    error_message = "The rule's pattern is not that of the manifest."
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.this["wave.measured.v1"].dead_letter_config) == 1 && aws_cloudwatch_event_target.this["wave.measured.v1"].retry_policy[0].maximum_retry_attempts == 185
    error_message = "What can't be delivered would be lost."
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.this) == ["storm.warned.v1"] && aws_sns_topic_subscription.this["storm.warned.v1"].raw_message_delivery && aws_sns_topic_subscription.this["storm.warned.v1"].filter_policy_scope == "MessageBody" && jsondecode(aws_sns_topic_subscription.this["storm.warned.v1"].filter_policy) == { data = { sea = ["north"] } }
    error_message = "There is not one subscription for each event of a topic."
  }
}

run "alarms" {
  command = plan
  module { source = "./modules/service" }
  variables { alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:alarms" }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.queue) == ["dead-letters", "undelivered"] && length(aws_cloudwatch_metric_alarm.backlog) == 1 && length(aws_cloudwatch_metric_alarm.lost["lost"].metric_query) == 4 && keys(aws_cloudwatch_metric_alarm.function) == ["errors", "throttles"]
    error_message = "Something could go wrong unseen."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.queue["dead-letters"].metric_name == "ApproximateNumberOfMessagesVisible" && aws_cloudwatch_metric_alarm.queue["dead-letters"].threshold == 0
    error_message = "A dead letter would not be seen."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.queue), values(aws_cloudwatch_metric_alarm.function)) : length(alarm.alarm_actions) == 1])
    error_message = "An alarm tells nobody."
  }
}

run "the_table_in_dev" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_dynamodb_table.this[0].billing_mode == "PAY_PER_REQUEST" && aws_dynamodb_table.this[0].ttl[0].attribute_name == "expires" && aws_dynamodb_table.this[0].server_side_encryption[0].enabled
    error_message = "The table is not on demand, forgets no inbox records, or is not encrypted."
  }

  assert {
    condition     = !aws_dynamodb_table.this[0].deletion_protection_enabled && !aws_dynamodb_table.this[0].point_in_time_recovery[0].enabled
    error_message = "Outside of prod the table should go with its environment."
  }
}

run "no_index_without_need" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = length(aws_dynamodb_table.this[0].global_secondary_index) == 0 && length(aws_dynamodb_table.this[0].attribute) == 1 && !strcontains(jsonencode(data.aws_iam_policy_document.this.statement), "dynamodb:Query")
    error_message = "A service without indexes pays for one, or may query."
  }
}

run "an_index_for_each_name" {
  command = plan
  module { source = "./modules/service" }
  variables {
    manifest = { name = "harbour", description = "For the test.", runtime = "lambda", store = "dynamodb", indexes = ["sea", "master"] }
  }

  assert {
    condition     = { for index in aws_dynamodb_table.this[0].global_secondary_index : index.name => [index.hash_key, index.range_key, index.projection_type] } == { by-master = ["by-master", "order-master", "KEYS_ONLY"], by-sea = ["by-sea", "order-sea", "KEYS_ONLY"] }
    error_message = "Documents are not found by what service.json declares."
  }

  assert {
    condition     = one([for s in data.aws_iam_policy_document.this.statement : s.resources if contains(s.actions, "dynamodb:Query")]) == toset(["arn:aws:dynamodb:eu-central-1:123456789012:table/mocked/index/by-master", "arn:aws:dynamodb:eu-central-1:123456789012:table/mocked/index/by-sea"])
    error_message = "The service may not query its indexes, or may query more."
  }
}

run "the_table_in_prod" {
  command = plan
  module { source = "./modules/service" }
  variables {
    name        = "troupe-live"
    environment = "live"
    protection  = { enabled = true }
  }

  assert {
    condition     = aws_dynamodb_table.this[0].deletion_protection_enabled && aws_dynamodb_table.this[0].point_in_time_recovery[0].enabled
    error_message = "In prod the table could be lost."
  }

  assert {
    condition     = aws_lambda_function.this[0].environment[0].variables["TRACE_PAYLOADS"] == "false"
    error_message = "Payloads are personal data: they have no place in prod's logs."
  }
}

run "overrides" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { memory_mb = 1024, concurrency = 5, max_functions = 50, config = { LIMIT = "1" } } }

  assert {
    condition     = aws_lambda_function.this[0].memory_size == 1024 && aws_lambda_event_source_mapping.this[0].scaling_config[0].maximum_concurrency == 50 && aws_lambda_function.this[0].environment[0].variables["LIMIT"] == "1" && aws_lambda_function.this[0].environment[0].variables["QUEUE_CONCURRENCY"] == "5"
    error_message = "The environment does not come before the manifest."
  }
}

run "versions" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = aws_lambda_function.this[0].publish && aws_lambda_alias.live[0].name == "live" && aws_lambda_event_source_mapping.this[0].function_name == aws_lambda_alias.live[0].arn && output.function.qualifier == "live" && length(aws_lambda_provisioned_concurrency_config.this) == 0
    error_message = "What runs is not a version that can be gone back to."
  }
}

run "instances_that_wait" {
  command = plan
  module { source = "./modules/service" }
  variables { override = { provisioned_concurrency = 3 } }

  assert {
    condition     = aws_lambda_provisioned_concurrency_config.this[0].provisioned_concurrent_executions == 3 && aws_lambda_provisioned_concurrency_config.this[0].qualifier == "live"
    error_message = "No instance waits."
  }
}

run "traces" {
  command = plan
  module { source = "./modules/service" }
  variables { deployment = { tracing = true } }

  assert {
    condition     = aws_lambda_function.this[0].tracing_config[0].mode == "Active"
    error_message = "Nobody can turn X-Ray on."
  }
}

# Reminders that are not due lie in the queue and grow old.
run "the_age_of_reminders" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = one([for q in aws_cloudwatch_metric_alarm.backlog[0].metric_query : q.expression if q.id == "waits"]) == "IF(visible > 0, age, 0)" && aws_cloudwatch_metric_alarm.backlog[0].evaluation_periods == 5
    error_message = "The alarm is raised by a reminder that is not due, or by a moment."
  }
}

run "a_long_description" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "harbour", description = "${join("", [for i in range(30) : "0123456789"])}", runtime = "lambda" } }

  assert {
    condition     = length(aws_lambda_function.this[0].description) == 256
    error_message = "Lambda takes descriptions of 256 characters."
  }
}

run "a_key_of_your_own" {
  command = plan
  module { source = "./modules/service" }
  variables { protection = { enabled = true, key_arn = "arn:aws:kms:eu-central-1:123456789012:key/own" } }

  assert {
    condition     = alltrue([for q in [aws_sqs_queue.main[0], aws_sqs_queue.dead_letter[0], aws_sqs_queue.undelivered[0]] : q.kms_master_key_id == "arn:aws:kms:eu-central-1:123456789012:key/own"]) && aws_dynamodb_table.this[0].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/own" && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/own"
    error_message = "Something is encrypted by another key."
  }
}

run "the_cost_of_a_service" {
  command = plan
  module { source = "./modules/service" }

  assert {
    condition     = alltrue([for r in concat([aws_sqs_queue.main[0], aws_sqs_queue.dead_letter[0]], [aws_lambda_function.this[0]], [aws_dynamodb_table.this[0]], [aws_cloudwatch_log_group.this], values(aws_cloudwatch_metric_alarm.queue)) : r.tags.Service == "harbour"])
    error_message = "What a service costs can't be told from the others' costs."
  }
}

run "a_service_that_subscribes_to_nothing" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "mute", description = "For the test.", runtime = "lambda" } }

  assert {
    condition     = length(aws_sqs_queue.main) + length(aws_lambda_event_source_mapping.this) + length(aws_cloudwatch_metric_alarm.queue) + length(aws_dynamodb_table.this) == 0 && output.queues == null
    error_message = "It has a queue, or a table, for nothing."
  }
}

run "the_artifact_is_missing" {
  command = plan
  module { source = "./modules/service" }
  variables { artifact = "no/such.zip" }

  expect_failures = [aws_lambda_function.this]
}

run "the_visibility_is_too_short" {
  command = plan
  module { source = "./modules/service" }
  variables { manifest = { name = "harbour", description = "For the test.", runtime = "lambda", subscribes = [{ event = "wave.measured.v1" }], timeout_seconds = 30 } }

  expect_failures = [aws_sqs_queue.main]
}

run "secrets_and_permissions" {
  command = plan
  module { source = "./modules/service" }

  variables {
    override = { vpc = true }
    network = {
      vpc_id          = "vpc-1"
      subnet_ids      = ["subnet-1", "subnet-2"]
      cluster         = { name = "troupe-dev", arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/troupe-dev" }
      security_group  = "sg-1"
      security_groups = ["sg-1", "sg-cache"]
    }
    manifest = {
      name        = "harbour"
      description = "For the test."
      runtime     = "lambda"
      secrets     = { CUSTOMS_KEY = "stand-in" }
      permissions = [{ actions = ["s3:GetObject"], resources = ["arn:{partition}:s3:::{project}-{env}-charts/*"] }]
    }
  }

  assert {
    condition     = aws_lambda_function.this[0].environment[0].variables["SECRETS_PREFIX"] == "troupe-dev/harbour/" && !strcontains(jsonencode(aws_lambda_function.this[0].environment), "stand-in")
    error_message = "The function does not know where its secrets are, or is told the stand-in."
  }

  assert {
    condition     = data.aws_secretsmanager_secret.this["CUSTOMS_KEY"].name == "troupe-dev/harbour/CUSTOMS_KEY"
    error_message = "A secret that is missing would be noticed when the function starts."
  }

  assert {
    condition = length([for s in data.aws_iam_policy_document.this.statement : s if
      s.sid == "Own0" && s.actions == toset(["s3:GetObject"]) && s.resources == toset(["arn:aws:s3:::troupe-dev-charts/*"])
    ]) == 1
    error_message = "The permission that service.json asks for is not given, or not on what it names."
  }

  assert {
    condition     = toset(aws_lambda_function.this[0].vpc_config[0].security_group_ids) == toset(["sg-1", "sg-cache"]) && length([for s in data.aws_iam_policy_document.this.statement : s if s.sid == "Vpc"]) == 1
    error_message = "The function is not in the VPC, or Lambda may not bring it there."
  }
}

run "schedules" {
  command = plan
  module { source = "./modules/service" }
  variables {
    manifest = {
      name        = "harbour"
      description = "For the test."
      runtime     = "lambda"
      subscribes  = [{ event = "berth.checked.v1" }]
      publishes   = ["ship.docked.v1", "berth.checked.v1"]
      schedules = [
        { expression = "rate(6 hours)", event = "berth.checked.v1", timezone = "UTC", data = "{\"shipId\":\"all\",\"berths\":3}" },
        { expression = "cron(0 6 * * ? *)", event = "ship.docked.v1", timezone = "Europe/Oslo", data = "{\"shipId\":\"a & b\"}" },
        { expression = "cron(0 9 * * ? *)", event = "berth.checked.v1", timezone = "UTC", data = "{\"shipId\":\"some\"}" },
      ]
    }
  }

  assert {
    condition     = keys(aws_scheduler_schedule.this) == ["berth-checked-v1", "berth-checked-v1-2", "ship-docked-v1"] && alltrue([for s in values(aws_scheduler_schedule.this) : s.group_name == "troupe-dev-harbour"])
    error_message = "A schedule replaces another, or is in another's group."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this["berth-checked-v1"].target[0].input).data == { shipId = "all", berths = 3, scheduledAt = "<aws.scheduler.scheduled-time>" } && jsondecode(aws_scheduler_schedule.this["ship-docked-v1"].target[0].input).data == { shipId = "a & b" }
    error_message = "The data is not that of service.json with the scheduled time, where the event has it."
  }

  assert {
    condition     = strcontains(aws_scheduler_schedule.this["berth-checked-v1-2"].target[0].input, "\"id\":\"harbour-berth-checked-v1-2-<aws.scheduler.scheduled-time>\"")
    error_message = "Scheduler would not find its placeholder."
  }

  assert {
    condition     = length(aws_scheduler_schedule.this["berth-checked-v1"].target[0].dead_letter_config) == 1 && length(aws_scheduler_schedule.this["ship-docked-v1"].target[0].dead_letter_config) == 0 && aws_scheduler_schedule.this["ship-docked-v1"].target[0].eventbridge_parameters[0].detail_type == "ship.docked.v1" && aws_scheduler_schedule.this["ship-docked-v1"].schedule_expression_timezone == "Europe/Oslo"
    error_message = "A scheduled event is lost, or not on the bus under its type."
  }

  assert {
    condition     = [for q in aws_cloudwatch_metric_alarm.lost["lost"].metric_query : q.metric[0].metric_name if length(q.metric) > 0] == ["InvocationsFailedToBeSentToDeadLetterCount", "InvocationDroppedCount"]
    error_message = "What Scheduler gives up would not be seen."
  }
}

run "no_schedules" {
  command = plan
  module { source = "./modules/service" }
  variables {
    manifest = { name = "harbour", description = "For the test.", runtime = "lambda", publishes = ["ship.docked.v1"] }
  }

  assert {
    condition     = length(aws_scheduler_schedule_group.this) == 0 && length(aws_iam_role.scheduler) == 0 && !contains(keys(aws_lambda_function.this[0].environment[0].variables), "SCHEDULE_GROUP")
    error_message = "It has what only schedules and reminders need."
  }
}
