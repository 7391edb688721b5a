# The bus, what remembers it and what tells of it. A topic for every event whose
# contract says SNS.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  topics = { for type, contract in var.contracts : type => contract if contract.channel == "sns" }
}

resource "aws_cloudwatch_event_bus" "this" {
  name = var.name
}

# Only this account publishes here, and those that are named, whatever their other policies come to say.
resource "aws_cloudwatch_event_bus_policy" "this" {
  event_bus_name = aws_cloudwatch_event_bus.this.name
  policy         = data.aws_iam_policy_document.bus.json
}

data "aws_iam_policy_document" "bus" {
  dynamic "statement" {
    for_each = length(var.publishers) > 0 ? [1] : []

    content {
      sid       = "Publishers"
      actions   = ["events:PutEvents"]
      resources = [aws_cloudwatch_event_bus.this.arn]

      principals {
        type        = "AWS"
        identifiers = [for account in var.publishers : "arn:${data.aws_partition.current.partition}:iam::${account}:root"]
      }
    }
  }

  statement {
    sid       = "OnlyThisAccount"
    effect    = "Deny"
    actions   = ["events:PutEvents"]
    resources = [aws_cloudwatch_event_bus.this.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"] # a Deny: the condition names who is left
    }

    condition {
      test     = "StringNotEquals"
      variable = "aws:PrincipalAccount"
      values   = concat([data.aws_caller_identity.current.account_id], var.publishers)
    }
  }
}

resource "aws_cloudwatch_event_archive" "this" {
  count = var.retention.archive_days == 0 ? 0 : 1

  name             = var.name
  description      = "Every event, for replays"
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = var.retention.archive_days
}

resource "aws_sns_topic" "this" {
  for_each = local.topics

  name              = "${var.name}-${replace(each.key, ".", "-")}"
  kms_master_key_id = coalesce(var.key_arn, "alias/aws/sns")
}
