# Each alarm's description says where to look. terraform/RUNBOOK.md has a row for each.

locals {
  actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  # NumberOfMessagesSent misses what a redrive policy moves: dead letters are seen
  # by how many lie there.
  queue_alarms = local.listening ? {
    dead-letters = {
      description = "${var.manifest.name} failed to handle messages. To see why: `make redrive SERVICE=${var.manifest.name} ENV=${var.environment} DRY_RUN=1`"
      queue       = aws_sqs_queue.dead_letter[0].name
      metric      = "ApproximateNumberOfMessagesVisible"
      above       = 0
    }
    undelivered = {
      description = "Events were not delivered to the queue of ${var.manifest.name}. To see why: `make redrive SERVICE=${var.manifest.name} ENV=${var.environment} DRY_RUN=1`"
      queue       = aws_sqs_queue.undelivered[0].name
      metric      = "ApproximateNumberOfMessagesVisible"
      above       = 0
    }
  } : {}

  database_alarms = local.databases == 0 ? {} : merge(
    { database-storage = { description = "The database of ${var.manifest.name} is almost full", metric = "FreeStorageSpace", below = 2 * 1024 * 1024 * 1024 } },
    startswith(var.database.class, "db.t") ? { database-credits = { description = "The database of ${var.manifest.name} has used up its CPU credits and is slow", metric = "CPUCreditBalance", below = 10 } } : {},
  )

  # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  schedule_metrics = concat(
    length(local.to_itself) > 0 ? ["InvocationsFailedToBeSentToDeadLetterCount"] : [],
    length(local.scheduled_on_bus) > 0 ? ["InvocationDroppedCount"] : [],
  )

  # What reaches neither the queue nor the queue of undelivered ones is gone: EventBridge, SNS and Scheduler only count it. An alarm
  # takes ten metrics.
  lost = { for index, metrics in chunklist(concat(
    [for type in keys(local.by_rule) : { namespace = "AWS/Events", name = "InvocationsFailedToBeSentToDlq", dimensions = { EventBusName = var.bus.name, RuleName = aws_cloudwatch_event_rule.this[type].name } }],
    [for type in keys(local.by_topic) : { namespace = "AWS/SNS", name = "NumberOfNotificationsFailedToRedriveToDlq", dimensions = { TopicName = "${var.name}-${replace(type, ".", "-")}" } }],
    [for metric in local.schedule_metrics : { namespace = "AWS/Scheduler", name = metric, dimensions = { ScheduleGroup = local.id } }],
  ), 9) : index == 0 ? "lost" : "lost-${index + 1}" => metrics }

  function_alarms = local.lambda ? {
    errors    = { description = "${var.manifest.name} doesn't start, crashes or times out. See its log group", metric = "Errors" }
    throttles = { description = "${var.manifest.name} is throttled: the account's concurrency limit is reached", metric = "Throttles" }
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

  tags = local.tags
}

# A reminder that is not due yet lies in the queue as well, and grows old there: but it is not visible. So the age counts
# while there is something to take, and for some minutes.
resource "aws_cloudwatch_metric_alarm" "backlog" {
  count = local.listening ? 1 : 0

  alarm_name          = "${local.id}-backlog-age"
  alarm_description   = "Messages for ${var.manifest.name} wait too long. See make console ENV=${var.environment}"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5 * var.manifest.queue.acceptable_delay_seconds
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "waits"
    label       = "Age of the oldest message, while some can be taken"
    expression  = "IF(visible > 0, age, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { visible = ["ApproximateNumberOfMessagesVisible", "Minimum"], age = ["ApproximateAgeOfOldestMessage", "Maximum"] }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/SQS"
        metric_name = metric_query.value[0]
        dimensions  = { QueueName = aws_sqs_queue.main[0].name }
        stat        = metric_query.value[1]
        period      = 60
      }
    }
  }

  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "lost" {
  for_each = local.lost

  alarm_name          = "${local.id}-${each.key}"
  alarm_description   = "Events for ${var.manifest.name} were lost: neither its queue nor its dead-letter queue could be reached, or an event that it publishes on a schedule did not reach the bus. See the runbook"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  metric_query {
    id          = "lost"
    label       = "Lost"
    expression  = "SUM(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { for index, metric in each.value : "m${index}" => metric }

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 60
      }
    }
  }

  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "database" {
  for_each = local.database_alarms

  alarm_name          = "${local.id}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this[0].identifier }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = each.value.below
  period              = 300
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  tags = local.tags
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

  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "tasks" {
  count = local.workers

  alarm_name          = "${local.id}-no-task"
  alarm_description   = "No task of ${var.manifest.name} is running. See its log group and the service's events in ECS"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  dimensions          = { ClusterName = var.network.cluster.name, ServiceName = aws_ecs_service.this[0].name } # there once its tasks run
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "breaching"
  alarm_actions       = local.actions
  ok_actions          = local.actions

  tags = local.tags
}
