# Who is told: people of alarms, and customers' side of what the troupe did for them.

resource "aws_sns_topic" "alarms" {
  count = var.alarm_email == null ? 0 : 1

  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.alarms[0].id
}

# CloudWatch may not use the key that SNS brings along, so alarms need one of their own.
resource "aws_kms_key" "alarms" {
  count = var.alarm_email == null ? 0 : 1

  description         = "Encrypts ${local.name}-alarms"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.alarms_key[0].json
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

data "aws_iam_policy_document" "alarms_key" {
  count = var.alarm_email == null ? 0 : 1

  statement {
    sid       = "Own"
    actions   = ["kms:*"] # a key's own policy has to leave it to the account, or nobody could manage it
    resources = ["*"]     # in a key's policy: this key

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid       = "Alarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"] # in a key's policy: this key

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_sns_topic_subscription" "customer_notified" {
  for_each = merge(
    { for address in var.access.notification_emails : address => "email" },
    { for url in var.access.notification_webhooks : url => "https" },
  )

  topic_arn = module.bus.topic_arns["customer.notified.v1"]
  protocol  = each.value
  endpoint  = each.key
}
