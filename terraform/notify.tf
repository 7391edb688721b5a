# Who is told besides services: people of alarms, people and other systems of events.

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

# The key names the event and the address: one address may get several events.
resource "aws_sns_topic_subscription" "outside" {
  for_each = merge([
    for event, s in var.subscribers : merge(
      { for address in s.emails : "${event} ${address}" => { event = event, protocol = "email", endpoint = address } },
      { for url in s.webhooks : "${event} ${url}" => { event = event, protocol = "https", endpoint = url } },
    )
  ]...)

  topic_arn = module.bus.topic_arns[each.value.event]
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}
