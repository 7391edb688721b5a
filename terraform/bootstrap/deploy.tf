# What a deploy may do: the services that Troupe consists of, by the project's
# names wherever a service has names before its resources are made.

locals {
  here  = "${data.aws_partition.current.partition}:%s:*:${data.aws_caller_identity.current.account_id}"
  iam   = "arn:${format(replace(local.here, "*", ""), "iam")}"
  named = "${var.project}-*"
}

resource "aws_iam_policy" "deploy" {
  name        = "${var.project}-deploy"
  description = "Builds and changes the environments of ${var.project}"
  policy      = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  # Whole services, on what carries the project's name: a deploy makes, changes
  # and removes all of it.
  statement {
    sid     = "ByName"
    actions = ["events:*", "sns:*", "sqs:*", "lambda:*", "dynamodb:*", "logs:*", "ecs:*", "ecr:*", "rds:*", "schemas:*", "cloudwatch:*"]
    resources = concat(
      [for service in ["sns", "sqs", "ecr", "rds"] : "arn:${format(local.here, service)}:${service == "ecr" ? "repository/" : service == "rds" ? "*:" : ""}${local.named}"],
      ["arn:${format(local.here, "events")}:*/${local.named}", "arn:${format(local.here, "lambda")}:function:${local.named}"],
      ["arn:${format(local.here, "dynamodb")}:table/${local.named}", "arn:${format(local.here, "ecs")}:*/${local.named}"],
      ["arn:${format(local.here, "logs")}:log-group:/*${var.project}*", "arn:${format(local.here, "schemas")}:*/${local.named}"],
      ["arn:${format(local.here, "cloudwatch")}:alarm:${local.named}", "arn:${format(replace(local.here, "*", ""), "cloudwatch")}:dashboard/${local.named}"],
    )
  }

  statement {
    sid       = "Roles"
    actions   = ["iam:CreateRole", "iam:DeleteRole", "iam:GetRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"]
    resources = ["${local.iam}:role/${local.named}"]
  }

  # The roles of workflows are no business of a deploy: it could widen its own.
  statement {
    sid       = "NotItsOwn"
    effect    = "Deny"
    actions   = ["iam:*"] # a Deny
    resources = ["${local.iam}:role/${var.project}-github-*"]
  }

  statement {
    sid       = "HandOverRoles"
    actions   = ["iam:PassRole"]
    resources = ["${local.iam}:role/${local.named}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]
    }
  }

  # These know no names, or none before they are made.
  statement {
    sid = "Unnamed"
    actions = [
      "apigateway:*", "application-autoscaling:*",
      "ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute", "ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute",
      "ec2:CreateInternetGateway", "ec2:DeleteInternetGateway", "ec2:AttachInternetGateway", "ec2:DetachInternetGateway",
      "ec2:CreateRouteTable", "ec2:DeleteRouteTable", "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:AssociateRouteTable", "ec2:DisassociateRouteTable",
      "ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", "ec2:CreateTags", "ec2:DeleteTags", "ec2:Describe*",
      "kms:CreateKey", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:ListResourceTags", "kms:TagResource", "kms:ScheduleKeyDeletion",
      "ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition", "ecs:RegisterTaskDefinition",
      "events:ListTagsForResource", "lambda:CreateEventSourceMapping", "lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:ListTags",
      "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy", "logs:DeleteResourcePolicy", "logs:CreateLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries",
      "sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "secretsmanager:CreateSecret", "secretsmanager:TagResource",
      "iam:CreateServiceLinkedRole", "xray:PutTraceSegments", "sts:GetCallerIdentity",
    ]
    resources = ["*"] # see above
  }
}
