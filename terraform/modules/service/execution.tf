# What ECS itself may do to start a task: pull its image, write its log, read its
# secret.

resource "aws_iam_role" "execution" {
  count = local.workers

  name                 = "${local.id}-execution"
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = local.boundary

  tags = local.tags
}

resource "aws_iam_role_policy" "execution" {
  count = local.workers

  name   = "execution"
  role   = aws_iam_role.execution[0].id
  policy = data.aws_iam_policy_document.execution[0].json
}

data "aws_iam_policy_document" "execution" {
  count = local.workers

  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # this action knows no resources
  }

  statement {
    sid       = "Pull"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [aws_ecr_repository.this[0].arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"] # its streams, named as they start
  }

  dynamic "statement" {
    for_each = length(local.database_secret_arns) > 0 ? [1] : []

    content {
      sid       = "Password"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = local.database_secret_arns
    }
  }
}
