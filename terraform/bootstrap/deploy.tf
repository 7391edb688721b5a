# What a deploy may do: with the services that Troupe consists of, by the project's
# name wherever a resource has a name before it is made.
#
# Who deploys decides what services may do, so who can change main can do all that a
# service's role can be given: protect the branch.

locals {
  account = data.aws_caller_identity.current.account_id
  named   = "${var.project}-*"

  # ARNs begin with these: those of most services name a region, any here.
  regional = "arn:${data.aws_partition.current.partition}:%s:*:${local.account}:"
  global   = "arn:${data.aws_partition.current.partition}:%s::${local.account}:"

  iam = format(local.global, "iam")

  # What may be made, changed and removed as a whole, by service.
  owned = {
    cloudwatch = [
      "${format(local.regional, "cloudwatch")}alarm:${local.named}",
      "${format(local.global, "cloudwatch")}dashboard/${local.named}",
    ]
    dynamodb = ["${format(local.regional, "dynamodb")}table/${local.named}"]
    ecr      = ["${format(local.regional, "ecr")}repository/${local.named}"]
    ecs      = ["${format(local.regional, "ecs")}*/${local.named}"]
    events   = ["${format(local.regional, "events")}*/${local.named}"]
    lambda   = ["${format(local.regional, "lambda")}function:${local.named}"]
    logs     = ["${format(local.regional, "logs")}log-group:/*${var.project}*"]
    rds      = ["${format(local.regional, "rds")}*:${local.named}"]
    schemas  = ["${format(local.regional, "schemas")}*/${local.named}"]
    sns      = ["${format(local.regional, "sns")}${local.named}"]
    sqs      = ["${format(local.regional, "sqs")}${local.named}"]
  }
}

resource "aws_iam_policy" "deploy" {
  name        = "${var.project}-deploy"
  description = "Builds and changes the environments of ${var.project}"
  policy      = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "Owned"
    actions   = [for service in keys(local.owned) : "${service}:*"] # a deploy makes, changes and removes all of it
    resources = flatten(values(local.owned))
  }

  statement {
    sid = "Roles"
    actions = [
      "iam:CreateRole", "iam:DeleteRole", "iam:GetRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy",
      "iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy",
      "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
    ]
    resources = ["${local.iam}role/${local.named}"]
  }

  statement {
    sid       = "HandOverRoles"
    actions   = ["iam:PassRole"]
    resources = ["${local.iam}role/${local.named}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]
    }
  }

  # The roles of workflows are no business of a deploy: it could widen its own.
  statement {
    sid       = "NotItsOwn"
    effect    = "Deny"
    actions   = ["iam:*"] # a Deny
    resources = ["${local.iam}role/${var.project}-github-*"]
  }

  # AWS's own roles for what runs on behalf of ECS, RDS and the scaling.
  statement {
    sid       = "ServiceLinkedRoles"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["${local.iam}role/aws-service-role/*"] # their names are AWS's

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["ecs.amazonaws.com", "rds.amazonaws.com", "ecs.application-autoscaling.amazonaws.com"]
    }
  }

  # The password of a database, which RDS makes: see modules/service/database.tf.
  statement {
    sid       = "Passwords"
    actions   = ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:RotateSecret", "secretsmanager:CancelRotateSecret", "secretsmanager:TagResource"]
    resources = ["${format(local.regional, "secretsmanager")}secret:rds!*"] # RDS names them
  }

  statement {
    sid       = "Api"
    actions   = ["apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE", "apigateway:TagResource", "apigateway:UntagResource"]
    resources = [for kind in ["apis", "tags"] : "arn:${data.aws_partition.current.partition}:apigateway:*::/${kind}*"] # an API's id is made by AWS
  }

  # Networks have ids that AWS makes. A deploy can't reach into an instance with these.
  statement {
    sid = "Network"
    actions = [
      "ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute", "ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute",
      "ec2:CreateInternetGateway", "ec2:DeleteInternetGateway", "ec2:AttachInternetGateway", "ec2:DetachInternetGateway",
      "ec2:CreateRouteTable", "ec2:DeleteRouteTable", "ec2:CreateRoute", "ec2:DeleteRoute", "ec2:AssociateRouteTable", "ec2:DisassociateRouteTable",
      "ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", "ec2:CreateTags", "ec2:DeleteTags",
      "ec2:Describe*", # every kind of the above, and what the provider asks about them
    ]
    resources = ["*"] # see above
  }

  # These actions take no resource, or one whose id AWS makes.
  statement {
    sid = "Unnamed"
    actions = [
      "application-autoscaling:RegisterScalableTarget", "application-autoscaling:DeregisterScalableTarget", "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:PutScalingPolicy", "application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DescribeScalingPolicies",
      "application-autoscaling:ListTagsForResource", "application-autoscaling:TagResource",
      "ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition",
      "kms:CreateKey", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:ListResourceTags", "kms:TagResource", "kms:ScheduleKeyDeletion",
      "lambda:CreateEventSourceMapping", "lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:ListTags", "lambda:TagResource",
      "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy", "logs:DeleteResourcePolicy",
      "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
      "sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes",
    ]
    resources = ["*"] # see above
  }
}
