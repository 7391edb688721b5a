# GitHub's workflows deploy without a key of their own: they prove who they are by
# OIDC. Pull requests may read and plan; only main may deploy.

locals {
  github = var.github_repository == null ? {} : {
    plan = {
      subject = "repo:${var.github_repository}:pull_request"
      policy  = "arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess"
      writes  = "*.tflock" # a plan takes the lock, and leaves the state as it is
    }
    deploy = {
      subject = "repo:${var.github_repository}:ref:refs/heads/main"
      policy  = aws_iam_policy.deploy.arn
      writes  = "*" # a state and a lock for each environment
    }
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository == null ? 0 : 1

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  for_each = local.github

  name                 = "${var.project}-github-${each.key}"
  description          = "Taken by the workflows of ${var.github_repository}"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.github[each.key].json
}

data "aws_iam_policy_document" "github" {
  for_each = local.github

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github[0].arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [each.value.subject]
    }
  }
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each = local.github

  role       = aws_iam_role.github[each.key].name
  policy_arn = each.value.policy
}

resource "aws_iam_role_policy" "state" {
  for_each = local.github

  name   = "state"
  role   = aws_iam_role.github[each.key].id
  policy = data.aws_iam_policy_document.use_state[each.key].json
}

# The lock is a file beside the state.
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
    resources = ["${aws_s3_bucket.state.arn}/*"] # a state and a lock for each environment
  }

  statement {
    sid       = "Write"
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.state.arn}/${each.value.writes}"]
  }
}
