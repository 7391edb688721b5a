# What EventBridge Scheduler sends for the service: the events of its schedules, and its reminders of more than 15 minutes,
# for which the service makes one-time schedules in the same group.

locals {
  scheduling = length(var.manifest.schedules) > 0 || length(local.to_itself) > 0 ? 1 : 0

  # Scheduler replaces this by the scheduled time. jsonencode escapes the brackets.
  scheduled_time = "<aws.scheduler.scheduled-time>"
  escaped_time   = "\\u003caws.scheduler.scheduled-time\\u003e"

  # An event that has several schedules has them under a number, from the second on.
  schedules = { for index, s in var.manifest.schedules :
    join("-", concat([replace(s.event, ".", "-")], [for n in [length([for other in slice(var.manifest.schedules, 0, index + 1) : other if other.event == s.event])] : n if n > 1])) => merge(s, {
      data = merge(jsondecode(s.data), [for at in [local.scheduled_time] : { scheduledAt = at } if var.contracts[s.event].scheduled]...)
      bus  = var.contracts[s.event].channel == "eventbridge"
    })
  }

  scheduled_on_bus = distinct([for s in values(local.schedules) : s.event if s.bus])
}

resource "aws_scheduler_schedule_group" "this" {
  count = local.scheduling

  name = local.id

  tags = local.tags
}

resource "aws_scheduler_schedule" "this" {
  for_each = local.schedules

  name                         = each.key
  group_name                   = aws_scheduler_schedule_group.this[0].name
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.timezone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = each.value.bus ? var.bus.arn : aws_sqs_queue.main[0].arn
    role_arn = aws_iam_role.scheduler[0].arn

    # The envelope. Its ID follows from the schedule and the time: a repeat has no second effect.
    input = replace(jsonencode({
      metadata = {
        id            = "${var.manifest.name}-${each.key}-${local.scheduled_time}"
        correlationId = "${var.manifest.name}-${each.key}-${local.scheduled_time}"
        type          = each.value.event
        subject       = each.value.data[var.contracts[each.value.event].subject]
        producer      = var.manifest.name
        occurredAt    = local.scheduled_time
      }
      data = each.value.data
    }), local.escaped_time, local.scheduled_time)

    dynamic "eventbridge_parameters" {
      for_each = each.value.bus ? [1] : []

      content {
        source      = var.manifest.name
        detail_type = each.value.event
      }
    }

    # A redrive sends to the service's own queue: what was for the bus has no place there, and is only counted (alarms.tf).
    dynamic "dead_letter_config" {
      for_each = each.value.bus ? [] : [1]

      content {
        arn = aws_sqs_queue.undelivered[0].arn
      }
    }

    retry_policy {
      maximum_event_age_in_seconds = 24 * 3600
      maximum_retry_attempts       = 185
    }
  }

  depends_on = [aws_iam_role_policy.scheduler]
}

# What Scheduler may do: what the service itself may, with the events that are scheduled and with its own queue.
resource "aws_iam_role" "scheduler" {
  count = local.scheduling

  name                 = "${local.id}-scheduler"
  assume_role_policy   = data.aws_iam_policy_document.assume_scheduler.json
  permissions_boundary = local.boundary

  tags = local.tags
}

data "aws_iam_policy_document" "assume_scheduler" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["${local.arn.scheduler}:schedule-group/${local.id}"] # AWS takes no single schedule here
    }
  }
}

resource "aws_iam_role_policy" "scheduler" {
  count = local.scheduling

  name   = "scheduler"
  role   = aws_iam_role.scheduler[0].id
  policy = data.aws_iam_policy_document.scheduler[0].json
}

data "aws_iam_policy_document" "scheduler" {
  count = local.scheduling

  dynamic "statement" {
    for_each = length(local.scheduled_on_bus) > 0 ? [1] : []

    content {
      sid       = "PublishOnTheBus"
      actions   = ["events:PutEvents"]
      resources = [var.bus.arn]

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "events:source"
        values   = [var.manifest.name]
      }

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "events:detail-type"
        values   = local.scheduled_on_bus
      }
    }
  }

  dynamic "statement" {
    for_each = length(local.to_itself) > 0 ? [1] : []

    content {
      sid       = "Queues"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.main[0].arn, aws_sqs_queue.undelivered[0].arn]
    }
  }

  dynamic "statement" {
    for_each = local.key_arn == null ? [] : [1]

    content {
      sid       = "Key"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [local.key_arn]
    }
  }
}
