# What the plan of a pull request may do: see how things are set up, and nothing of what they hold. Whoever can push a
# branch can run code as this role.

resource "aws_iam_role_policy" "plan" {
  count = var.github_repository == null ? 0 : 1

  name   = "plan"
  role   = aws_iam_role.github["plan"].id
  policy = data.aws_iam_policy_document.plan.json
}

data "aws_iam_policy_document" "plan" {
  statement {
    sid = "Named"
    actions = [
      "cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource",
      "dynamodb:Describe*", "dynamodb:ListTagsOfResource",
      "ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:ListTagsForResource",
      "ecs:Describe*", "ecs:ListServiceDeployments", "ecs:ListTagsForResource",
      "events:Describe*", "events:ListTagsForResource", "events:ListTargetsByRule",
      "iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies",
      "lambda:GetAlias", "lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionConfiguration", "lambda:GetPolicy",
      "lambda:GetProvisionedConcurrencyConfig", "lambda:ListTags", "lambda:ListVersionsByFunction",
      "logs:ListTagsForResource",
      "rds:DescribeDBSubnetGroups", "rds:ListTagsForResource",
      "scheduler:GetScheduleGroup", "scheduler:ListTagsForResource",
      "schemas:DescribeRegistry", "schemas:DescribeSchema", "schemas:ListTagsForResource",
      "sns:GetTopicAttributes", "sns:ListTagsForResource",
      "sqs:GetQueueAttributes", "sqs:ListQueueTags",
    ]
    resources = flatten([for env in var.environments : [
      values(local.owned[env]),
      "${format(local.global, "cloudwatch")}dashboard/${var.project}-${env}",
      "${local.iam}role/${var.project}-${env}-*",
    ]])
  }

  # Schedules of service.json are named after the type of their event, with its version. Those of reminders are named after
  # an ID, and hold data.
  statement {
    sid       = "Schedules"
    actions   = ["scheduler:GetSchedule"]
    resources = [for env in var.environments : "${format(local.regional, "scheduler")}schedule/${var.project}-${env}-*/*-v*"]
  }

  # These know no resource, one whose id AWS makes, or are asked of all of a region.
  statement {
    sid = "Unnamed"
    actions = [
      "application-autoscaling:Describe*", "application-autoscaling:ListTagsForResource",
      "cloudwatch:DescribeAlarms", "ec2:Describe*", "ecs:DescribeTaskDefinition",
      "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
      "lambda:GetAccountSettings", "lambda:GetEventSourceMapping", "lambda:ListTags",
      "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
      "rds:DescribeDBInstances", "sns:GetSubscriptionAttributes",
    ]
    resources = ["*"] # see above
  }

  statement {
    sid       = "Api"
    actions   = ["apigateway:GET"]
    resources = local.apis
  }

  statement {
    sid       = "Password"
    actions   = ["secretsmanager:DescribeSecret"]
    resources = ["${format(local.regional, "secretsmanager")}secret:rds!*"] # RDS names them
  }

  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]
    resources = [for env in var.environments : "${format(local.regional, "secretsmanager")}secret:${var.project}-${env}/*"]
  }

  # Whatever else is attached to the role one day.
  statement {
    sid    = "NoData"
    effect = "Deny"
    actions = [
      "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQL*", "dynamodb:GetRecords", "dynamodb:ExportTableToPointInTime",
      "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
      "ecs:ExecuteCommand",
      "lambda:InvokeFunction", "lambda:InvokeFunctionUrl",
      "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetLogRecord", "logs:GetQueryResults", "logs:StartQuery", "logs:StartLiveTail", "logs:Unmask",
      "rds-data:*", "rds-db:connect", "rds:DownloadDBLogFilePortion", "rds:DownloadCompleteDBLogFile",
      "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue",
      "sqs:ReceiveMessage", "ssm:GetParameter*",
    ]
    resources = ["*"] # a Deny
  }

  statement {
    sid           = "NoReminders"
    effect        = "Deny"
    actions       = ["scheduler:GetSchedule"]
    not_resources = ["arn:${data.aws_partition.current.partition}:scheduler:*:*:schedule/*/*-v*"]
  }

  statement {
    sid           = "NoOtherObjects"
    effect        = "Deny"
    actions       = ["s3:GetObject*"] # a Deny
    not_resources = ["${aws_s3_bucket.state.arn}/*"]
  }
}
