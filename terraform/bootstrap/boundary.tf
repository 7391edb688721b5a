# The most that a role can do which a deploy makes, whatever its policy says: who may change the code of a service does
# not get hold of the account by it.

locals {
  schedulers = "${local.iam}role/${var.project}-*-scheduler" # with which EventBridge Scheduler sends what services schedule
}

resource "aws_iam_policy" "boundary" {
  name        = "${var.project}-boundary"
  description = "The most that the roles of ${var.project}'s services may do"
  policy      = data.aws_iam_policy_document.boundary.json
}

data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "Data"
    actions   = ["*"] # a boundary gives nothing: a role's own policy does
    resources = ["*"] # the same
  }

  statement {
    sid       = "NotTheAccount"
    effect    = "Deny"
    actions   = ["organizations:*", "account:*", "sts:AssumeRole"] # a Deny
    resources = ["*"]                                              # a Deny
  }

  # Nothing of IAM either, but for one thing: a service hands the role for its own schedules to EventBridge Scheduler.
  statement {
    sid           = "NotIAM"
    effect        = "Deny"
    actions       = ["iam:*"] # a Deny
    not_resources = [local.schedulers]
  }

  statement {
    sid         = "OnlyToPassThem"
    effect      = "Deny"
    not_actions = ["iam:PassRole"]
    resources   = [local.schedulers]
  }

  statement {
    sid       = "OnlyToScheduler"
    effect    = "Deny"
    actions   = ["iam:PassRole"]
    resources = [local.schedulers]

    condition {
      test     = "StringNotEquals"
      variable = "iam:PassedToService"
      values   = ["scheduler.amazonaws.com"]
    }
  }

  statement {
    sid       = "NotTheState"
    effect    = "Deny"
    actions   = ["s3:*"] # a Deny
    resources = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
  }
}
