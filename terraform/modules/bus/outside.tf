# Events from outside that arrive at another bus of the account, at AWS services' or at a partner's: a rule there forwards
# them, so that they are archived, logged and replayed as ours are. Their rules see each event of the account of this kind.

locals {
  outside = { for type, contract in var.contracts : type => contract if contract.bus != null && contains(var.subscribed, type) }
  outer   = length(local.outside) > 0 ? 1 : 0
}

resource "aws_cloudwatch_event_rule" "outside" {
  for_each = local.outside

  name           = "${var.name}-${replace(each.key, ".", "-")}"
  description    = "${each.key} to ${var.name}"
  event_bus_name = each.value.bus
  event_pattern  = jsonencode({ source = [each.value.source], "detail-type" = [each.value.detail-type] })
}

# A bus takes an event of another only from a role (user guide, "Sending and receiving events between event buses in the same
# account and Region"). Its account is this one, so the bus's policy lets it in.
resource "aws_cloudwatch_event_target" "outside" {
  for_each = local.outside

  rule           = aws_cloudwatch_event_rule.outside[each.key].name
  event_bus_name = each.value.bus
  target_id      = "bus"
  arn            = aws_cloudwatch_event_bus.this.arn
  role_arn       = aws_iam_role.outside[0].arn

  dead_letter_config {
    arn = aws_sqs_queue.outside[0].arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 24 * 3600
    maximum_retry_attempts       = 185
  }

  depends_on = [aws_sqs_queue_policy.outside, aws_iam_role_policy.outside] # or the first events of a new rule would be lost
}

resource "aws_iam_role" "outside" {
  count = local.outer

  name                 = "${var.name}-outside_events" # no service's name has an underscore
  assume_role_policy   = data.aws_iam_policy_document.outside_assume.json
  permissions_boundary = var.permissions_boundary == null ? null : "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/${var.permissions_boundary}"
}

data "aws_iam_policy_document" "outside_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "outside" {
  count = local.outer

  name   = "forward"
  role   = aws_iam_role.outside[0].id
  policy = data.aws_iam_policy_document.outside.json
}

data "aws_iam_policy_document" "outside" {
  statement {
    sid       = "Forward"
    actions   = ["events:PutEvents"]
    resources = [aws_cloudwatch_event_bus.this.arn]
  }
}

# What could not be forwarded.
resource "aws_sqs_queue" "outside" {
  count = local.outer

  name                       = "${var.name}-outside_events"
  visibility_timeout_seconds = 60
  receive_wait_time_seconds  = 20
  message_retention_seconds  = 14 * 24 * 3600
  sqs_managed_sse_enabled    = var.key_arn == null ? true : null
  kms_master_key_id          = var.key_arn
}

resource "aws_sqs_queue_policy" "outside" {
  count = local.outer

  queue_url = aws_sqs_queue.outside[0].url
  policy    = data.aws_iam_policy_document.outside_undelivered[0].json
}

data "aws_iam_policy_document" "outside_undelivered" {
  count = local.outer

  statement {
    sid       = "DeliverEvents"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.outside[0].arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.outside : rule.arn]
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "outside" {
  count = local.outer

  alarm_name          = "${var.name}-outside-events"
  alarm_description   = "Events from outside did not reach the bus. Why is in the attributes of the messages in ${var.name}-outside_events"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.outside[0].name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions          = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
