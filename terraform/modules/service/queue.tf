# The buffer in front of the service, and where its failures go.

resource "aws_sqs_queue" "main" {
  count = local.listening ? 1 : 0

  name                       = local.id
  visibility_timeout_seconds = var.manifest.queue.visibility_seconds
  receive_wait_time_seconds  = 20
  message_retention_seconds  = 4 * 24 * 3600 # shorter than the dead-letter queue's: a message keeps its age when it moves
  sqs_managed_sse_enabled    = local.key_arn == null ? true : null
  kms_master_key_id          = local.key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn
    maxReceiveCount     = var.manifest.queue.max_receives
  })

  lifecycle {
    precondition {
      condition     = var.manifest.queue.visibility_seconds >= 6 * var.manifest.timeout_seconds
      error_message = "${var.manifest.name}: queue.visibility_seconds must be at least six times timeout_seconds, or a message is delivered again while it is still being handled."
    }
  }

  tags = local.tags
}

# What could not be handled. Dead-lettered messages carry their reason as attributes.
resource "aws_sqs_queue" "dead_letter" {
  count = local.listening ? 1 : 0

  name                       = "${local.id}-dlq"
  visibility_timeout_seconds = var.manifest.queue.visibility_seconds
  receive_wait_time_seconds  = 20
  message_retention_seconds  = 14 * 24 * 3600
  sqs_managed_sse_enabled    = local.key_arn == null ? true : null
  kms_master_key_id          = local.key_arn

  tags = local.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  count = local.listening ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.main[0].arn]
  })
}

# What a rule or a topic could not deliver to the queue.
resource "aws_sqs_queue" "undelivered" {
  count = local.listening ? 1 : 0

  name                       = "${local.id}-undelivered"
  visibility_timeout_seconds = var.manifest.queue.visibility_seconds
  receive_wait_time_seconds  = 20
  message_retention_seconds  = 14 * 24 * 3600
  sqs_managed_sse_enabled    = local.key_arn == null ? true : null
  kms_master_key_id          = local.key_arn

  tags = local.tags
}

# The queues admit their own rules and topics, and no one else's.
resource "aws_sqs_queue_policy" "main" {
  count = local.listening ? 1 : 0

  queue_url = aws_sqs_queue.main[0].url
  policy    = data.aws_iam_policy_document.deliver["main"].json
}

resource "aws_sqs_queue_policy" "undelivered" {
  count = local.listening ? 1 : 0

  queue_url = aws_sqs_queue.undelivered[0].url
  policy    = data.aws_iam_policy_document.deliver["undelivered"].json
}

data "aws_iam_policy_document" "deliver" {
  for_each = local.listening ? { main = aws_sqs_queue.main[0].arn, undelivered = aws_sqs_queue.undelivered[0].arn } : {}

  dynamic "statement" {
    for_each = {
      for service, sources in {
        events = [for rule in aws_cloudwatch_event_rule.this : rule.arn]
        sns    = [for type, h in local.by_topic : var.topic_arns[type]]
      } : service => sources if length(sources) > 0
    }

    content {
      sid       = "Deliver${title(statement.key)}"
      actions   = ["sqs:SendMessage"]
      resources = [each.value]

      principals {
        type        = "Service"
        identifiers = ["${statement.key}.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = statement.value
      }
    }
  }
}
