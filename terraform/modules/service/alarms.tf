# What wakes somebody; each description says where to look, and each has its row in README's runbook.

locals {
  actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  # NumberOfMessagesSent misses what a redrive policy moves: dead letters are seen
  # by how many lie there.
  queue_alarms = local.listening ? {
    dead-letters = {
      description = "${var.manifest.name} could not handle messages: see why with `make redrive SERVICE=${var.manifest.name} ENV=${var.environment} DRY_RUN=1`"
      queue       = aws_sqs_queue.dead_letter[0].name
      metric      = "ApproximateNumberOfMessagesVisible"
      above       = 0
    }
    undelivered = {
      description = "Rules or topics could not deliver to the queue of ${var.manifest.name}: see why with `make redrive SERVICE=${var.manifest.name} ENV=${var.environment} DRY_RUN=1`"
      queue       = aws_sqs_queue.undelivered[0].name
      metric      = "ApproximateNumberOfMessagesVisible"
      above       = 0
    }
    backlog-age = {
      description = "Messages of ${var.manifest.name} wait longer than they should"
      queue       = aws_sqs_queue.main[0].name
      metric      = "ApproximateAgeOfOldestMessage"
      above       = 5 * var.manifest.queue.acceptable_delay_seconds
    }
  } : {}

  function_alarms = local.lambda ? {
    errors    = { description = "${var.manifest.name} fails as a whole: see its log group", metric = "Errors" }
    throttles = { description = "${var.manifest.name} is throttled: the account's concurrency is used up", metric = "Throttles" }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = local.queue_alarms

  alarm_name          = "${local.id}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = each.value.queue }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = local.function_alarms

  alarm_name          = "${local.id}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = local.id }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}

resource "aws_cloudwatch_metric_alarm" "tasks" {
  count = local.workers

  alarm_name          = "${local.id}-no-task"
  alarm_description   = "No task of ${var.manifest.name} runs: see its log group and the service's events in ECS"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  dimensions          = { ClusterName = var.network.cluster.name, ServiceName = local.id }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions
}
