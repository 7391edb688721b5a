# GitHub's workflows deploy without a key of their own: they prove who they are by
# OIDC. Pull requests may look at what is there, for a plan; a job may deploy to the GitHub environment that it runs
# in, whose rules say from which branches, and who has to agree.

locals {
  github = var.github_repository == null ? {} : merge(
    { plan = "repo:${var.github_repository}:pull_request" },
    { for env in var.environments : env => "repo:${var.github_repository}:environment:${env}" },
  )
  deploys = { for name, subject in local.github : name => subject if name != "plan" }

  issuer   = "token.actions.githubusercontent.com"
  provider = "arn:${data.aws_partition.current.partition}:iam::${local.account}:oidc-provider/${local.issuer}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository == null || var.github_provider_exists ? 0 : 1

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  for_each = local.github

  name                 = "${var.project}-github-${each.key}"
  description          = "Taken by the workflows of ${var.github_repository}"
  max_session_duration = 7200 # a first deploy with a database may take more than an hour
  assume_role_policy   = data.aws_iam_policy_document.github[each.key].json
}

data "aws_iam_policy_document" "github" {
  for_each = local.github

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = [each.value]
    }
  }

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = local.deploys

  role       = aws_iam_role.github[each.key].name
  policy_arn = aws_iam_policy.deploy[each.key].arn
}

resource "aws_iam_role_policy_attachment" "unnamed" {
  for_each = local.deploys

  role       = aws_iam_role.github[each.key].name
  policy_arn = aws_iam_policy.unnamed.arn
}

resource "aws_iam_role_policy" "state" {
  for_each = local.github

  name   = "state"
  role   = aws_iam_role.github[each.key].id
  policy = data.aws_iam_policy_document.use_state[each.key].json
}

# The lock is a file beside the state. A plan of a pull request takes none, and writes nothing.
data "aws_iam_policy_document" "use_state" {
  for_each = local.github

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = [for env in each.key == "plan" ? var.environments : [each.key] : "${aws_s3_bucket.state.arn}/${env}.tfstate"]
  }

  dynamic "statement" {
    for_each = each.key == "plan" ? [] : [1]

    content {
      sid       = "Write"
      actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      resources = ["${aws_s3_bucket.state.arn}/${each.key}.tfstate", "${aws_s3_bucket.state.arn}/${each.key}.tfstate.tflock"]
    }
  }
}
