# What the service may do: publish its own events, read its own queue, touch its
# own table. Nothing here has a wildcard for an action.

locals {
  boundary = var.deployment.permissions_boundary == null ? null : "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy/${var.deployment.permissions_boundary}"
}

resource "aws_iam_role" "this" {
  name                 = local.id
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = local.boundary

  tags = local.tags
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [local.lambda ? "lambda.amazonaws.com" : "ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "service"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  # A worker's log is written by ECS: see execution.tf.
  dynamic "statement" {
    for_each = local.lambda ? [1] : []

    content {
      sid       = "Log"
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.this.arn}:*"] # its streams, named as they start
    }
  }

  dynamic "statement" {
    for_each = local.lambda && var.deployment.tracing ? [1] : []

    content {
      sid       = "Trace"
      actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      resources = ["*"] # X-Ray knows no resources
    }
  }

  # What Lambda does with its role to bring a function into a VPC, before any of its code runs.
  dynamic "statement" {
    for_each = local.lambda && var.override.vpc ? [1] : []

    content {
      sid = "Vpc"
      actions = [
        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"] # the ids of interfaces are made by AWS
    }
  }

  dynamic "statement" {
    for_each = length(local.to_bus) > 0 ? [1] : []

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
        values   = local.to_bus
      }
    }
  }

  dynamic "statement" {
    for_each = length(local.to_topics) > 0 ? [1] : []

    content {
      sid       = "PublishOnTopics"
      actions   = ["sns:Publish"]
      resources = [for type in local.to_topics : var.topic_arns[type]]
    }
  }

  dynamic "statement" {
    for_each = local.listening ? [1] : []

    content {
      sid = "Consume"
      actions = concat(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
        length(local.to_itself) > 0 ? ["sqs:SendMessage"] : [],
      )
      resources = [aws_sqs_queue.main[0].arn]
    }
  }

  dynamic "statement" {
    for_each = local.listening ? [1] : []

    content {
      sid       = "DeadLetter"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.dead_letter[0].arn]
    }
  }

  # Reminders of more than 15 minutes: one-time schedules, named after their events' IDs, and so never one of service.json.
  dynamic "statement" {
    for_each = length(local.to_itself) > 0 ? [1] : []

    content {
      sid       = "Remind"
      actions   = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"]
      resources = ["${local.arn.scheduler}:schedule/${local.id}/????????-????-????-????-????????????"]
    }
  }

  dynamic "statement" {
    for_each = length(local.to_itself) > 0 ? [1] : []

    content {
      sid       = "HandOver"
      actions   = ["iam:PassRole"]
      resources = [aws_iam_role.scheduler[0].arn]

      condition {
        test     = "StringEquals"
        variable = "iam:PassedToService"
        values   = ["scheduler.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.manifest.secrets) > 0 ? [1] : []

    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [for name in keys(var.manifest.secrets) : "${local.arn.secretsmanager}:secret:${local.secrets}${name}-??????"] # Secrets Manager adds six characters
    }
  }

  # What service.json asks for beside that.
  dynamic "statement" {
    for_each = var.manifest.permissions

    content {
      sid     = "Own${statement.key}"
      actions = statement.value.actions
      resources = [
        for resource in statement.value.resources :
        replace(replace(replace(replace(replace(resource,
          "{partition}", data.aws_partition.current.partition),
          "{region}", data.aws_region.current.region),
          "{account}", data.aws_caller_identity.current.account_id),
          "{project}", trimsuffix(var.name, "-${var.environment}")),
        "{env}", var.environment)
      ]
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

  dynamic "statement" {
    for_each = var.manifest.store == "dynamodb" ? [1] : []

    content {
      sid       = "Keep"
      actions   = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"]
      resources = [aws_dynamodb_table.this[0].arn]
    }
  }

  dynamic "statement" {
    for_each = var.manifest.store == "dynamodb" && length(var.manifest.indexes) > 0 ? [1] : []

    content {
      sid       = "Find"
      actions   = ["dynamodb:Query"]
      resources = [for index in sort(var.manifest.indexes) : "${aws_dynamodb_table.this[0].arn}/index/by-${index}"]
    }
  }
}
