# What happened on the bus: a catch-all rule to a log group is where the console
# reads it.

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/events/${var.name}"
  retention_in_days = var.retention.log_days
  kms_key_id        = var.key_arn
}

locals {
  # The events with personal data, of which only the metadata is logged. Each rule's pattern may have 2,048 characters.
  personal = var.payloads ? sort([for type, contract in var.contracts : coalesce(contract.detail-type, type) if contract.personal && contract.channel == "eventbridge"]) : []
  every    = { source = [{ prefix = "" }] }
}

resource "aws_cloudwatch_event_rule" "everything" {
  name           = "${var.name}-everything"
  description    = "Every event, to the log group that the console reads"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode(merge(local.every, { for name, types in { "detail-type" = local.personal } : name => [{ "anything-but" = types }] if length(types) > 0 }))

  lifecycle {
    precondition {
      condition     = length(jsonencode(local.personal)) < 1900
      error_message = "More types of events have personal data than the pattern of a rule can name: protect the environment, so that the bus's log has no payloads at all."
    }
  }
}

resource "aws_cloudwatch_event_rule" "personal" {
  count = length(local.personal) > 0 ? 1 : 0

  name           = "${var.name}-personal"
  description    = "The metadata of events with personal data, to the same log group"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode(merge(local.every, { "detail-type" = local.personal }))
}

locals {
  # What the console reads of an event; one from outside has no metadata, and is known by what EventBridge says. The target of a log group wants a text, so the event in it is escaped.
  metadata = ["id", "type", "subject", "correlationId", "causationId", "producer", "occurredAt", "traceparent"]
  # jsonencode escapes the brackets of placeholders.
  journal = replace(replace(jsonencode({
    version       = "0"
    id            = "<event>"
    "detail-type" = "<kind>"
    source        = "<source>"
    time          = "<time>" # by which replays are counted
    detail        = { metadata = { for name in local.metadata : name => "<${name}>" } }
  }), "\\u003c", "<"), "\\u003e", ">")
  journal_paths    = merge({ time = "$.time", event = "$.id", kind = "$.detail-type", source = "$.source" }, { for name in local.metadata : name => "$.detail.metadata.${name}" })
  journal_template = "{\"timestamp\": <time>, \"message\": \"${replace(local.journal, "\"", "\\\"")}\"}"
}

resource "aws_cloudwatch_event_target" "log" {
  rule           = aws_cloudwatch_event_rule.everything.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_cloudwatch_log_group.events.arn

  # Payloads are personal data: where they may not stand in a log, metadata does.
  dynamic "input_transformer" {
    for_each = var.payloads ? [] : [1]

    content {
      input_paths    = local.journal_paths
      input_template = local.journal_template
    }
  }

  depends_on = [aws_cloudwatch_log_resource_policy.events] # or the first events would be lost
}

resource "aws_cloudwatch_event_target" "personal" {
  count = length(local.personal) > 0 ? 1 : 0

  rule           = aws_cloudwatch_event_rule.personal[0].name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_cloudwatch_log_group.events.arn

  input_transformer {
    input_paths    = local.journal_paths
    input_template = local.journal_template
  }

  depends_on = [aws_cloudwatch_log_resource_policy.events]
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name     = "${var.name}-events"
  policy_document = data.aws_iam_policy_document.log.json
}

data "aws_iam_policy_document" "log" {
  # Without a condition: with one on the rule nothing is delivered (hashicorp/terraform-provider-aws#30388, #31792).
  statement {
    sid       = "Streams"
    actions   = ["logs:CreateLogStream"]
    resources = ["${aws_cloudwatch_log_group.events.arn}:*"] # its streams

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]
    }
  }

  statement {
    sid       = "Events"
    actions   = ["logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.events.arn}:*"] # its streams

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = concat([aws_cloudwatch_event_rule.everything.arn], aws_cloudwatch_event_rule.personal[*].arn)
    }
  }
}
