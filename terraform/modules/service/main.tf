# All that one service has for itself. What it is called and what its manifest means is
# here; what is made of it stands in the file of that name.

locals {
  id     = "${var.name}-${var.manifest.name}"
  lambda = var.manifest.runtime == "lambda"
  tags   = { Service = var.manifest.name } # so that its cost can be seen

  protected = var.protection.enabled
  key_arn   = var.protection.key_arn

  # What it subscribes to, by the channel of the contract. An event of the queue channel is
  # a reminder to itself: nothing has to be wired for it.
  subscribes = { for h in var.manifest.subscribes : h.event => h }
  by_rule    = { for type, h in local.subscribes : type => h if var.contracts[type].channel == "eventbridge" }
  by_topic   = { for type, h in local.subscribes : type => h if var.contracts[type].channel == "sns" }
  listening  = length(local.subscribes) > 0

  # What it publishes.
  to_bus    = [for type in var.manifest.publishes : type if var.contracts[type].channel == "eventbridge"]
  to_topics = [for type in var.manifest.publishes : type if var.contracts[type].channel == "sns"]
  to_itself = [for type in var.manifest.publishes : type if var.contracts[type].channel == "queue"]

  max_functions = coalesce(var.override.max_functions, var.manifest.queue.max_functions)
  memory_mb     = coalesce(var.override.memory_mb, var.manifest.memory_mb)
  rate          = try(coalesce(var.override.rate, try(tonumber(local.config.RATE), null), var.manifest.rate), null)
  config        = merge(var.manifest.config, var.override.config)

  arn = { for service in ["scheduler", "secretsmanager", "sns"] : service => "arn:${data.aws_partition.current.partition}:${service}:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}" }

  secrets = "${var.name}/${var.manifest.name}/" # what their names begin with

  environment = merge(
    {
      SERVICE_ENVIRONMENT = var.environment
      EVENT_BUS_NAME      = var.bus.name
      TOPIC_ARN_PREFIX    = "${local.arn.sns}:${var.name}-"
      TRACE_PAYLOADS      = tostring(!local.protected && contains(["local", "dev"], var.environment)) # payloads are personal data
    },
    local.listening ? {
      QUEUE_URL             = aws_sqs_queue.main[0].url
      DEAD_LETTER_QUEUE_URL = aws_sqs_queue.dead_letter[0].url
    } : {},
    length(local.to_itself) > 0 ? { # it may have reminders
      QUEUE_ARN             = aws_sqs_queue.main[0].arn
      UNDELIVERED_QUEUE_ARN = aws_sqs_queue.undelivered[0].arn
      SCHEDULE_GROUP        = aws_scheduler_schedule_group.this[0].name
      SCHEDULE_ROLE_ARN     = aws_iam_role.scheduler[0].arn
    } : {},
    var.manifest.store == "dynamodb" ? { TABLE_NAME = local.id } : {},
    var.override.concurrency == null ? {} : { QUEUE_CONCURRENCY = tostring(var.override.concurrency) },
    length(var.manifest.secrets) > 0 ? { SECRETS_PREFIX = local.secrets } : {},
    local.config,
    var.override.rate == null ? {} : { RATE = tostring(var.override.rate) }, # which comes before the manifest's
  )
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# Secrets are put by hand, and what they hold is never read here: one that is missing fails the plan, before a service
# fails to start.
# tflint-ignore: terraform_unused_declarations
data "aws_secretsmanager_secret" "this" {
  for_each = var.manifest.secrets

  name = "${local.secrets}${each.key}"
}
