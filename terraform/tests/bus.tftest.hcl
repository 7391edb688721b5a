# The bus and what is around it.

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name      = "troupe-dev"
  retention = { log_days = 7, archive_days = 14 }
  contracts = {
    "wave.measured.v1"   = { producer = "buoy", channel = "eventbridge", schema = "{\"description\":\"A wave.\",\"x-event\":{},\"$defs\":{\"Crest\":{\"type\":\"string\"}},\"properties\":{\"crest\":{\"$ref\":\"#/$defs/Crest\"}}}" }
    "storm.warned.v1"    = { producer = "buoy", channel = "sns", schema = "{\"description\":\"A storm.\"}" }
    "battery.checked.v1" = { producer = "buoy", channel = "queue", schema = "{\"description\":\"A reminder.\"}" }
  }
}

run "the_bus" {
  command = plan
  module { source = "./modules/bus" }

  assert {
    condition     = aws_cloudwatch_event_bus.this.name == "troupe-dev" && aws_cloudwatch_event_archive.this[0].retention_days == 14 && aws_cloudwatch_event_archive.this[0].event_pattern == null
    error_message = "The archive does not hold every event, for as long as it should."
  }

  assert {
    condition     = aws_cloudwatch_log_group.events.retention_in_days == 7 && jsondecode(aws_cloudwatch_event_rule.everything.event_pattern) == { source = [{ prefix = "" }] }
    error_message = "The console would not see every event."
  }
}

run "topics" {
  command = plan
  module { source = "./modules/bus" }

  assert {
    condition     = keys(aws_sns_topic.this) == ["storm.warned.v1"] && aws_sns_topic.this["storm.warned.v1"].name == "troupe-dev-storm-warned-v1" && aws_sns_topic.this["storm.warned.v1"].kms_master_key_id == "alias/aws/sns"
    error_message = "There is not one topic, encrypted, for each event of that channel."
  }
}

run "the_registry" {
  command = plan
  module { source = "./modules/bus" }

  assert {
    condition     = length(aws_schemas_schema.this) == 3 && aws_schemas_schema.this["wave.measured.v1"].name == "buoy@wave.measured.v1"
    error_message = "The registry does not hold every contract."
  }

  assert {
    condition     = jsondecode(aws_schemas_schema.this["wave.measured.v1"].content) == { "$schema" = "http://json-schema.org/draft-04/schema#", description = "A wave.", definitions = { Crest = { type = "string" } }, properties = { crest = { "$ref" = "#/definitions/Crest" } } }
    error_message = "The contract is not told in draft 4."
  }
}

run "payloads" {
  command = plan
  module { source = "./modules/bus" }

  assert {
    condition     = length(aws_cloudwatch_event_target.log.input_transformer) == 0
    error_message = "The console of dev would not show payloads."
  }
}

run "personal_data" {
  command = plan
  module { source = "./modules/bus" }
  variables {
    contracts = {
      "wave.measured.v1" = { producer = "buoy", channel = "eventbridge", schema = "{\"description\":\"A wave.\"}" }
      "ship.docked.v1"   = { producer = "harbour", channel = "eventbridge", personal = true, schema = "{\"description\":\"A ship.\"}" }
      "storm.warned.v1"  = { producer = "harbour", channel = "sns", personal = true, schema = "{\"description\":\"Not on the bus.\"}" }
    }
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.everything.event_pattern) == { source = [{ prefix = "" }], "detail-type" = [{ "anything-but" = ["ship.docked.v1"] }] } && jsondecode(aws_cloudwatch_event_rule.personal[0].event_pattern) == { source = [{ prefix = "" }], "detail-type" = ["ship.docked.v1"] }
    error_message = "An event would be logged by both rules, or by none."
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.log.input_transformer) == 0 && !anytrue([for path in values(aws_cloudwatch_event_target.personal[0].input_transformer[0].input_paths) : startswith(path, "$.detail.data") || path == "$.detail" || path == "$"])
    error_message = "Personal data would stand in the log of the bus."
  }
}

run "more_than_a_pattern_names" {
  command = plan
  module { source = "./modules/bus" }
  variables {
    contracts = { for n in range(100) : "visit.booked.at.a.clinic.v${n}" => { producer = "buoy", channel = "eventbridge", personal = true, schema = "{\"description\":\"A visit.\"}" } }
  }
  expect_failures = [aws_cloudwatch_event_rule.everything]
}

run "no_payloads" {
  command = plan
  module { source = "./modules/bus" }
  variables { payloads = false }

  assert {
    condition     = length(aws_cloudwatch_event_rule.personal) == 0 && !anytrue([for path in values(aws_cloudwatch_event_target.log.input_transformer[0].input_paths) : startswith(path, "$.detail.data") || path == "$.detail" || path == "$"]) && !strcontains(aws_cloudwatch_event_target.log.input_transformer[0].input_template, "aws.events")
    error_message = "Payloads would stand in the log of the bus."
  }
}

run "a_region_with_less" {
  command = plan
  module { source = "./modules/bus" }
  variables {
    schema_registry = false
    retention       = { log_days = 7, archive_days = 0 }
  }

  assert {
    condition     = length(aws_cloudwatch_event_archive.this) + length(aws_schemas_registry.this) + length(aws_schemas_schema.this) == 0 && output.archive_arn == null
    error_message = "It would be refused where there is neither."
  }
}

run "a_key_of_your_own" {
  command = plan
  module { source = "./modules/bus" }
  variables { key_arn = "arn:aws:kms:eu-central-1:123456789012:key/own" }

  assert {
    condition     = aws_sns_topic.this["storm.warned.v1"].kms_master_key_id == "arn:aws:kms:eu-central-1:123456789012:key/own" && aws_cloudwatch_log_group.events.kms_key_id == "arn:aws:kms:eu-central-1:123456789012:key/own"
    error_message = "Something is encrypted by another key."
  }
}

run "from_outside" {
  command = plan
  module { source = "./modules/bus" }
  variables {
    contracts = {
      "object.created.v1" = { producer = "s3", channel = "eventbridge", schema = "{\"description\":\"An object.\"}", source = "aws.s3", detail-type = "Object Created", bus = "default" }
      "invoice.paid.v1"   = { producer = "shop", channel = "eventbridge", schema = "{\"description\":\"A payment.\"}", source = "aws.partner/example.com/shop", detail-type = "paid", bus = "aws.partner/example.com/shop" }
      "tide.turned.v1"    = { producer = "moon", channel = "eventbridge", schema = "{\"description\":\"A tide.\"}", source = "com.example.moon", detail-type = "Tide" }
      "object.removed.v1" = { producer = "s3", channel = "eventbridge", schema = "{\"description\":\"No object.\"}", source = "aws.s3", detail-type = "Object Deleted", bus = "default" }
    }
    subscribed           = ["object.created.v1", "invoice.paid.v1", "tide.turned.v1"]
    permissions_boundary = "troupe-boundary"
  }

  assert {
    condition     = { for type, rule in aws_cloudwatch_event_rule.outside : type => rule.event_bus_name } == { "object.created.v1" = "default", "invoice.paid.v1" = "aws.partner/example.com/shop" }
    error_message = "Not just what somebody subscribes to, and what arrives elsewhere, is forwarded."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.outside["object.created.v1"].event_pattern) == { source = ["aws.s3"], "detail-type" = ["Object Created"] } && aws_cloudwatch_event_target.outside["object.created.v1"].arn == aws_cloudwatch_event_bus.this.arn && aws_cloudwatch_event_target.outside["object.created.v1"].event_bus_name == "default"
    error_message = "The rule would not forward it to the bus."
  }

  assert {
    condition     = endswith(aws_iam_role.outside[0].permissions_boundary, ":policy/troupe-boundary") && length(aws_cloudwatch_event_target.outside["object.created.v1"].dead_letter_config) == 1
    error_message = "A deploy may not make the role, or what can't be forwarded is lost."
  }
}

run "nothing_from_outside" {
  command = plan
  module { source = "./modules/bus" }

  assert {
    condition     = length(aws_cloudwatch_event_rule.outside) + length(aws_iam_role.outside) + length(aws_sqs_queue.outside) + length(aws_cloudwatch_metric_alarm.outside) == 0
    error_message = "Something is made that nobody needs."
  }
}
