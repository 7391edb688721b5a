variable "project" {
  description = "First part of every resource name: <project>-<environment>-<thing>."
  type        = string
  default     = "troupe"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.project))
    error_message = "project must be 2 to 16 lower-case letters, digits and dashes, and begin with a letter: it becomes part of names that AWS limits to 64 characters."
  }
}

variable "environment" {
  description = "Second part of every resource name: dev, staging, prod. Use one environment for each region, because role names contain no region."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "environment must be 2 to 12 lower-case letters and digits, and begin with a letter, as in dev."
  }
}

variable "region" {
  description = "AWS region to deploy to."
  type        = string
  default     = "eu-central-1"

  validation {
    condition     = can(regex("^[a-z]{2,5}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region, as in eu-central-1."
  }
}

variable "alarm_email" {
  description = "E-mail address for alarms. Null: only the dashboard shows them."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address, or null."
  }
}

variable "retention" {
  description = "Days to keep logs and archived events (0: no archive, for regions without archives). Events must leave the archive before their inbox records expire (120 days, less 28 in queues); otherwise a late replay would act twice."
  type = object({
    log_days     = optional(number, 30)
    archive_days = optional(number, 60)
  })
  default = {}

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.retention.log_days)
    error_message = "retention.log_days must be one of the values that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, …"
  }

  validation {
    condition     = var.retention.archive_days >= 0 && var.retention.archive_days <= 90 && floor(var.retention.archive_days) == var.retention.archive_days
    error_message = "retention.archive_days must be 0 to 90: an inbox record lives 120 days, and an event may spend 14 in a queue and 14 in its dead-letter queue."
  }
}

variable "overrides" {
  description = "Settings that override a service's manifest in this environment, by service. For workers only: rate, cpu (units of Fargate, 1024 a CPU), min_tasks and max_tasks (1 and 4); for functions only: max_functions, provisioned_concurrency and vpc (run in the subnets of network)."
  type = map(object({
    memory_mb     = optional(number)
    concurrency   = optional(number)
    max_functions = optional(number)
    rate          = optional(number)
    cpu           = optional(number)
    min_tasks     = optional(number)
    max_tasks     = optional(number)

    provisioned_concurrency = optional(number)
    vpc                     = optional(bool)
    config                  = optional(map(string), {})
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.overrides), keys(local.manifests))) == 0
    error_message = "overrides names services that have no folder in services/: ${join(", ", setsubtract(keys(var.overrides), keys(local.manifests)))}."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.concurrency == null ? true : o.concurrency >= 1 && o.concurrency <= 1000])
    error_message = "overrides.*.concurrency must be 1 to 1000: messages at a time, of one task or function instance."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.max_functions == null ? true : o.max_functions >= 2 && o.max_functions <= 1000])
    error_message = "overrides.*.max_functions must be 2 to 1000: the limits of an event source mapping."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.memory_mb == null ? true : o.memory_mb >= 128 && o.memory_mb <= 10240])
    error_message = "overrides.*.memory_mb must be 128 to 10240."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.cpu == null ? true : contains([256, 512, 1024, 2048, 4096], o.cpu)])
    error_message = "overrides.*.cpu must be one of Fargate's: 256, 512, 1024, 2048, 4096."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : coalesce(o.min_tasks, 1) >= 1 && coalesce(o.max_tasks, 4) >= coalesce(o.min_tasks, 1)])
    error_message = "overrides.*.min_tasks must be at least 1, and max_tasks not below it (4 where it is left out)."
  }

  validation {
    condition     = alltrue([for name, o in var.overrides : o.provisioned_concurrency == null ? true : o.provisioned_concurrency >= 1 && try(local.manifests[name].runtime, "") == "lambda"])
    error_message = "overrides.*.provisioned_concurrency is for functions, and at least 1."
  }

  validation {
    condition     = alltrue([for o in values(var.overrides) : o.rate == null ? true : o.rate > 0])
    error_message = "overrides.*.rate must be above 0."
  }

  validation {
    condition     = alltrue(flatten([for o in values(var.overrides) : [for key in keys(o.config) : can(regex("^[A-Z][A-Z0-9_]+$", key)) && !can(regex("^(AWS|LAMBDA)_", key))]]))
    error_message = "overrides.*.config names variables in upper case, of two letters at least, and none that begins with AWS_ or LAMBDA_: Lambda refuses others."
  }

  validation {
    condition     = alltrue([for name, o in var.overrides : try(local.manifests[name].runtime, "worker") == "worker" || (o.rate == null && o.cpu == null && o.min_tasks == null && o.max_tasks == null)])
    error_message = "overrides.*: rate, cpu, min_tasks and max_tasks are for workers; a function would not be changed by them."
  }
}

variable "access" {
  description = "Who may use the HTTP API: an OIDC issuer with its audiences (null: everyone, which a protected environment must confirm with public = true), the origins of browsers (none: CORS is off), request limits, a domain with an ACM certificate in the same region, and other accounts that may publish on the bus."
  type = object({
    jwt                 = optional(object({ issuer = string, audience = list(string) }))
    public              = optional(bool, false)
    cors_origins        = optional(list(string), [])
    requests_per_second = optional(number, 1000)
    burst               = optional(number, 2000)
    domain              = optional(object({ name = string, certificate_arn = string }))
    publishers          = optional(list(string), [])
  })
  default = {}

  validation {
    condition     = var.access.jwt == null ? true : startswith(var.access.jwt.issuer, "https://") && length(var.access.jwt.audience) > 0
    error_message = "access.jwt needs an issuer that begins with https:// and at least one audience."
  }

  validation {
    condition     = try(!var.protection.enabled, true) || var.access.public || var.access.jwt != null || length(local.routes) == 0
    error_message = "The HTTP API of a protected environment would be open to everyone: give access.jwt, or say access.public = true."
  }

  validation {
    condition     = alltrue([for account in var.access.publishers : can(regex("^[0-9]{12}$", account))])
    error_message = "access.publishers takes the numbers of AWS accounts."
  }
}

variable "subscribers" {
  description = "Subscribers other than services: e-mail addresses and HTTPS URLs, by event. The event's channel must be sns."
  type = map(object({
    emails   = optional(list(string), [])
    webhooks = optional(list(string), [])
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.subscribers), [for type, c in local.contracts : type if c.channel == "sns"])) == 0
    error_message = "subscribers names events that no schema in events/ declares with the channel sns: ${join(", ", setsubtract(keys(var.subscribers), [for type, c in local.contracts : type if c.channel == "sns"]))}."
  }

  validation {
    condition     = alltrue(flatten([for s in values(var.subscribers) : [for address in s.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))]]))
    error_message = "subscribers.*.emails takes e-mail addresses."
  }

  validation {
    condition     = alltrue(flatten([for s in values(var.subscribers) : [for url in s.webhooks : startswith(url, "https://")]]))
    error_message = "subscribers.*.webhooks takes URLs that begin with https://."
  }
}

variable "deployment" {
  description = "Deployment settings. permissions_boundary: name of the permissions boundary of every role (bootstrap's or your company's). tracing: X-Ray tracing of functions. schema_registry: false for regions without schema registries."
  type = object({
    permissions_boundary = optional(string)
    tracing              = optional(bool, false)
    schema_registry      = optional(bool, true)
  })
  default = {}
}

variable "protection" {
  description = "Whether the environment's data is protected: tables and databases can't be deleted by mistake and can be restored, logs contain no payloads, and the API must not be public by default. Required for every environment but dev. key_arn: your own KMS key for queues, topics, logs and tables; its policy must let EventBridge, SNS and CloudWatch Logs use it, and let the deploying role create grants."
  type = object({
    enabled = bool
    key_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.protection != null || var.environment == "dev"
    error_message = "Say whether ${var.environment} is protected: protection = { enabled = true }, or false, in terraform/env/${var.environment}.tfvars."
  }

  validation {
    condition     = try(var.protection.key_arn, null) == null || can(regex("^arn:[a-z-]+:kms:", var.protection.key_arn))
    error_message = "protection.key_arn must be the ARN of a key."
  }
}

variable "network" {
  description = "Where workers run, and functions with vpc in their overrides: in their own network with this address range, or in your subnets. Functions, and workers without public_ip, need a NAT gateway, or VPC endpoints for SQS, SNS, EventBridge, DynamoDB, ECR, S3, CloudWatch Logs and Secrets Manager. security_group_ids are further groups, which decide what they can reach besides AWS."
  type = object({
    cidr       = optional(string, "10.0.0.0/24")
    vpc_id     = optional(string)
    subnet_ids = optional(list(string), [])
    public_ip  = optional(bool)

    security_group_ids = optional(list(string), [])
  })
  default = {}

  validation {
    condition     = can(cidrsubnet(var.network.cidr, 1, 0)) && try(tonumber(split("/", var.network.cidr)[1]) >= 16 && tonumber(split("/", var.network.cidr)[1]) <= 27, false)
    error_message = "network.cidr must be a range of IPv4 addresses, from /16 to /27: a VPC has no others."
  }

  validation {
    condition     = (var.network.vpc_id == null) == (length(var.network.subnet_ids) == 0) && (var.network.vpc_id == null || length(var.network.subnet_ids) >= 2)
    error_message = "network.vpc_id and network.subnet_ids go together: at least two subnets, in two availability zones."
  }

  validation {
    condition     = var.network.vpc_id != null || length(var.network.security_group_ids) == 0
    error_message = "network.security_group_ids are groups of a VPC of yours: name it in network.vpc_id."
  }
}

variable "database" {
  description = "The size of the databases of workers with the store sql. multi_az and backup_days default to true and 14 in a protected environment, and to false and 1 elsewhere."
  type = object({
    class          = optional(string, "db.t4g.micro")
    storage_gb     = optional(number, 20)
    max_storage_gb = optional(number, 100)
    multi_az       = optional(bool)
    backup_days    = optional(number)
  })
  default = {}

  validation {
    condition     = startswith(var.database.class, "db.") && var.database.storage_gb >= 20 && var.database.max_storage_gb > var.database.storage_gb
    error_message = "database: class begins with db., storage_gb is 20 at least, and max_storage_gb above it."
  }

  validation {
    condition     = var.database.backup_days == null ? true : var.database.backup_days >= 0 && var.database.backup_days <= 35
    error_message = "database.backup_days must be 0 to 35."
  }
}
