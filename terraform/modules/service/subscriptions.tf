# How events reach the queue: a rule for each event of the bus, a subscription for
# each of a topic.

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.by_rule

  name           = "${local.id}-${replace(each.key, ".", "-")}"
  description    = "${each.key} to ${var.manifest.name}"
  event_bus_name = var.bus.name
  event_pattern = jsonencode(merge(
    {
      source        = [coalesce(var.contracts[each.key].source, var.contracts[each.key].producer)]
      "detail-type" = [coalesce(var.contracts[each.key].detail-type, each.key)]
    },
    # The detail of an event from outside is the data, without an envelope.
    each.value.where == null ? {} : { detail = jsondecode(var.contracts[each.key].source == null ? each.value.where : jsonencode(try(jsondecode(each.value.where).data, {}))) },
  ))

  tags = local.tags
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.by_rule

  rule           = aws_cloudwatch_event_rule.this[each.key].name
  event_bus_name = var.bus.name
  target_id      = var.manifest.name
  arn            = aws_sqs_queue.main[0].arn

  dead_letter_config {
    arn = aws_sqs_queue.undelivered[0].arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 24 * 3600
    maximum_retry_attempts       = 185
  }

  depends_on = [aws_sqs_queue_policy.main, aws_sqs_queue_policy.undelivered] # or the first events of a new rule would be lost
}

resource "aws_sns_topic_subscription" "this" {
  for_each = local.by_topic

  topic_arn            = var.topic_arns[each.key]
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.main[0].arn
  raw_message_delivery = true
  filter_policy        = each.value.where
  filter_policy_scope  = each.value.where == null ? null : "MessageBody"
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.undelivered[0].arn })

  depends_on = [aws_sqs_queue_policy.main, aws_sqs_queue_policy.undelivered]
}
