# What a deploy may do: with the services that Troupe consists of, by the environment's
# name wherever a resource has a name before it is made. What has none (networks, APIs, keys, mappings) is the
# account's: to keep an environment from the others' wholly, give it an account.
#
# Who deploys decides what services may do, so who can change main can do all that the boundary leaves: protect the branch,
# and prod's GitHub environment.

locals {
  account = data.aws_caller_identity.current.account_id

  # ARNs begin with these: those of most services name a region, any here.
  regional = "arn:${data.aws_partition.current.partition}:%s:*:${local.account}:"
  global   = "arn:${data.aws_partition.current.partition}:%s::${local.account}:"

  iam  = format(local.global, "iam")
  apis = [for kind in ["apis", "tags", "domainnames"] : "arn:${data.aws_partition.current.partition}:apigateway:*::/${kind}*"] # an API's id is made by AWS

  # What may be made, changed and removed as a whole, by environment and service: what is called after the
  # environment, and what begins with its name and a dash.
  owned = { for env in var.environments : env => {
    for service, kinds in {
      cloudwatch = ["alarm:%s-*"]
      dynamodb   = ["table/%s-*"]
      ecr        = ["repository/%s-*"]
      ecs        = ["cluster/%s", "service/%s/*", "task-definition/%s-*"]
      events     = ["event-bus/%s", "archive/%s", "rule/%s/*", "rule/%s-*", "rule/aws.partner/*/%s-*"] # of the default bus and of partners' only its own
      lambda     = ["function:%s-*"]
      logs       = ["log-group:/aws/*/%s", "log-group:/aws/*/%s:*", "log-group:/aws/*/%s-*", "log-group:/${var.project}/${env}/*"]
      rds        = ["db:%s-*", "subgrp:%s-*", "snapshot:%s-*"]
      scheduler  = ["schedule*/%s-*"] # schedule/ and schedule-group/: a policy has a limit
      schemas    = ["*/%s", "*/%s/*"]
      sns        = ["%s-*"]
      sqs        = ["%s-*"]
    } : service => [for kind in kinds : "${format(local.regional, service)}${replace(kind, "%s", "${var.project}-${env}")}"]
  } }
}

resource "aws_iam_policy" "deploy" {
  for_each = toset(var.environments)

  name        = "${var.project}-deploy-${each.key}"
  description = "Builds and changes ${var.project}-${each.key}"
  policy      = data.aws_iam_policy_document.deploy[each.key].json
}

data "aws_iam_policy_document" "deploy" {
  for_each = toset(var.environments)

  statement {
    sid       = "Owned"
    actions   = [for service in keys(local.owned[each.key]) : "${service}:*"] # a deploy makes, changes and removes all of it
    resources = concat(flatten(values(local.owned[each.key])), ["${format(local.global, "cloudwatch")}dashboard/${var.project}-${each.key}"])
  }

  statement {
    sid = "Roles"
    actions = [
      "iam:DeleteRole", "iam:GetRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:UpdateAssumeRolePolicy",
      "iam:GetRolePolicy", "iam:DeleteRolePolicy",
      "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
    ]
    resources = ["${local.iam}role/${var.project}-${each.key}-*"]
  }

  # A role is made with the boundary, and keeps it.
  statement {
    sid       = "BoundedRoles"
    actions   = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]
    resources = ["${local.iam}role/${var.project}-${each.key}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.boundary.arn]
    }
  }

  statement {
    sid       = "HandOverRoles"
    actions   = ["iam:PassRole"]
    resources = ["${local.iam}role/${var.project}-${each.key}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "scheduler.amazonaws.com", "events.amazonaws.com"]
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
      values   = ["ecs.amazonaws.com", "rds.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "ops.apigateway.amazonaws.com"]
    }
  }

  # The password of a database, which RDS makes: see modules/service/database.tf.
  statement {
    sid       = "Passwords"
    actions   = ["secretsmanager:CreateSecret", "secretsmanager:DescribeSecret", "secretsmanager:RotateSecret", "secretsmanager:CancelRotateSecret", "secretsmanager:TagResource"]
    resources = ["${format(local.regional, "secretsmanager")}secret:rds!*"] # RDS names them
  }

  # That the secrets of services are there: what they hold a deploy doesn't see.
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]
    resources = ["${format(local.regional, "secretsmanager")}secret:${var.project}-${each.key}/*"]
  }

  statement {
    sid       = "Api"
    actions   = ["apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE", "apigateway:TagResource", "apigateway:UntagResource"]
    resources = local.apis
  }

  # The groups of options and parameters that come with the engine, and the alarms that the scaling makes in its caller's
  # name.
  statement {
    sid     = "AWSsOwn"
    actions = ["rds:CreateDBInstance", "rds:ModifyDBInstance", "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"]
    resources = [
      "${format(local.regional, "rds")}og:default*", "${format(local.regional, "rds")}pg:default*",
      "${format(local.regional, "cloudwatch")}alarm:TargetTracking-service/${var.project}-${each.key}/*",
    ]
  }
}

# What can't be kept to an environment: a policy of its own, because IAM limits a policy to 6,144 characters.
resource "aws_iam_policy" "unnamed" {
  name        = "${var.project}-deploy-unnamed"
  description = "What deploys of ${var.project} need of things whose names AWS makes"
  policy      = data.aws_iam_policy_document.unnamed.json
}

data "aws_iam_policy_document" "unnamed" {
  # Networks have ids that AWS makes. A deploy can't reach into an instance with these.
  statement {
    sid = "Network"
    actions = [
      "ec2:CreateVpc", "ec2:DeleteVpc", "ec2:ModifyVpcAttribute", "ec2:CreateSubnet", "ec2:DeleteSubnet", "ec2:ModifySubnetAttribute",
      "ec2:CreateInternetGateway", "ec2:DeleteInternetGateway", "ec2:AttachInternetGateway", "ec2:DetachInternetGateway",
      "ec2:CreateRouteTable", "ec2:DeleteRouteTable", "ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute",
      "ec2:AssociateRouteTable", "ec2:ReplaceRouteTableAssociation", "ec2:DisassociateRouteTable",
      "ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup", "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", "ec2:ModifySecurityGroupRules", "ec2:CreateTags", "ec2:DeleteTags",
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
      "application-autoscaling:ListTagsForResource", "application-autoscaling:TagResource", "application-autoscaling:UntagResource",
      "cloudwatch:DescribeAlarms", "ecr:GetAuthorizationToken", "ecs:CreateCluster", "ecs:DescribeTaskDefinition", "ecs:DeregisterTaskDefinition",
      "events:PutPermission", "events:RemovePermission",
      "kms:CreateKey", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:DisableKeyRotation",
      "kms:ListResourceTags", "kms:TagResource", "kms:UntagResource", "kms:PutKeyPolicy", "kms:UpdateKeyDescription", "kms:ScheduleKeyDeletion",
      "lambda:CreateEventSourceMapping", "lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:ListTags", "lambda:TagResource", "lambda:UntagResource",
      "lambda:GetAccountSettings",
      "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy", "logs:DeleteResourcePolicy",
      "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
      "rds:DescribeDBInstances",
      "sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes",
    ]
    resources = ["*"] # see above
  }
}
